export * from "./collect.ts";
export * from "./deaths.ts";
export * from "./progress.ts";
export * from "./retry-delay.ts";
export type { CollectMessage } from "./decode.ts";
export type { Arrival } from "./outcomes.ts";
export * from "./enrich/enricher.ts";
export { createUserAgents, type UserAgent, type UserAgents } from "./enrich/user-agent.ts";
export { openGeoDatabase, type GeoDatabase, type Place } from "./enrich/geo-database.ts";
