export { createLocalServer, type LocalServer, type LocalServerOptions } from "./server.ts";
export { readConfig, type LocalConfig } from "./config.ts";
export { buildAssets } from "./assets.ts";
