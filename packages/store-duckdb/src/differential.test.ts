import { describeDifferential } from "@millrace/core/contract";
import { createDuckDbStore } from "./index.ts";

// Small runs, so that the questions meet sorted runs, a full table and the hot one.
describeDifferential({
  name: "DuckDB",
  create: () => createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, threads: 1, runRows: 1_000 }),
});
