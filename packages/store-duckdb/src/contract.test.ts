import { describeStoreContract } from "@millrace/core/contract";
import { createDuckDbStore } from "./index.ts";

describeStoreContract({
  name: "DuckDB",
  create: () => createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, runRows: 200 }),
});
