export { createOpenSearchStore, type OpenSearchStore, type OpenSearchStoreOptions } from "./store.ts";
export type { ClientOptions } from "./connection.ts";
