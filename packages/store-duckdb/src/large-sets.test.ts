import { describeLargeSets } from "@millrace/core/contract";
import { createDuckDbStore } from "./index.ts";

// Several tables, and more threads than one: an answer is then put together from parts.
describeLargeSets({
  name: "DuckDB",
  create: () => createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, threads: 2, runRows: 1_500 }),
});
