export { span } from "@millrace/core/execution";
export * from "./record.ts";
export * from "./line.ts";
export { fingerprintOf, scrub } from "./scrub.ts";
export * from "./execution.ts";
export * from "./monitor.ts";
export { sourceOf } from "./source.ts";
