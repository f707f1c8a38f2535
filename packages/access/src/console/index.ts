export { callerOf, CSRF_HEADER, demand, signedIn, type Caller } from "./caller.ts";
export { consoleRoutes } from "./console.ts";
export type { ConsoleDeps } from "./deps.ts";
export { consoleRoute } from "./route.ts";
export { enter } from "./sign-in-routes.ts";
export { createOpenId, type OpenIdSettings } from "../people/openid.ts";
