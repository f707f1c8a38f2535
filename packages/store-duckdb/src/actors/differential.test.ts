import { describeActorDifferential } from "@millrace/core/contract";
import { createDuckDbStore } from "../index.ts";

describeActorDifferential({
  name: "DuckDB",
  create: () => createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, threads: 1, runRows: 5_000 }),
});
