export * from "./deps.ts";
export * from "./routes.ts";
