export * from "./execution/middleware.ts";
export * from "./ledger/audit.ts";
export * from "./ledger/ledger.ts";
export * from "./cost/calls.ts";
export * from "./cost/cost.ts";
export * from "./cost/hosted.ts";
export * from "./cost/prices.ts";
export * from "./cost/stage-load.ts";
