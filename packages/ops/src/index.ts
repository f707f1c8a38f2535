export * from "./execution/record.ts";
export * from "./execution/line.ts";
export { scrub } from "./execution/scrub.ts";
export * from "./execution/execution.ts";
export * from "./execution/middleware.ts";
export * from "./ledger/ledger.ts";
export * from "./cost/cost.ts";
export * from "./cost/hosted.ts";
export * from "./cost/prices.ts";
