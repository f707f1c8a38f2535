export { createOpenSearchStore, type OpenSearchStore, type OpenSearchStoreOptions } from "./store.ts";
export type { ConnectionOptions } from "./client/connection.ts";
export type { PartitionHealth, StoreHealth } from "./keep/maintain.ts";
export type { ShardFill } from "./keep/state.ts";
export type { Migrated, MigrationStep } from "./keep/migrate.ts";
export { createOpenSearchExecutions, type OpenSearchExecutions } from "./executions/executions.ts";
