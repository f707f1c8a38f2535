import { createDuckDbStore } from "@millrace/store-duckdb";
import { ageCases } from "./age.ts";

ageCases("DuckDB", async ({ clock }) => ({
  store: await createDuckDbStore({ path: ":memory:", clock }),
  refresh: async () => {},
  remove: async () => {},
}));
