import { createCatalogue, createSqliteRegistry } from "@millrace/access";
import { describeLateNames } from "@millrace/core/contract";
import { createDuckDbStore } from "@millrace/store-duckdb";

describeLateNames({
  name: "DuckDB",
  create: (clock) => createDuckDbStore({ path: ":memory:", clock, threads: 1 }),
  openCatalogues: (clock) => {
    const registry = createSqliteRegistry({ path: ":memory:", clock });
    return Array.from({ length: 3 }, () => createCatalogue({ registry, clock, quota: 4, budget: 6 }));
  },
  runs: 60,
});
