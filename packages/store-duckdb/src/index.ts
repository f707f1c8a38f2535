export { createDuckDbStore, type DuckDbStoreOptions } from "./store.ts";
export { createDuckDbExecutions } from "./executions/executions.ts";
