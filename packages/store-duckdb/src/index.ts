export { createDuckDbStore, type DuckDbStoreOptions } from "./store.ts";
