export * from "./collect.ts";
export type { CollectMessage } from "./decode.ts";
export type { UniquenessClaims } from "./claims.ts";
export * from "./enrich/enricher.ts";
export { createUserAgents, type UserAgent, type UserAgents } from "./enrich/user-agent.ts";
export { openGeoDatabase, type GeoDatabase, type Place } from "./enrich/geo-database.ts";
