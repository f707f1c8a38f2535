export { createOpenSearchStore, type OpenSearchStore, type OpenSearchStoreOptions } from "./store.ts";
export type { ConnectionOptions } from "./connection.ts";
export type { PartitionHealth, StoreHealth } from "./maintain.ts";
export type { Migrated } from "./migrate.ts";
