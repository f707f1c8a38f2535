export { COLLECT_ROUTES } from "./http/collect-routes.ts";
export * from "./deps.ts";
export * from "./http/routes.ts";
export { checkProperties } from "./event/validate-event.ts";
