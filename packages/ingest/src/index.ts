export * from "./deps.ts";
export * from "./http/routes.ts";
