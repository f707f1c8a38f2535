import type { JsonObject } from "../values/json.ts";
import type { Context } from "./fields.ts";
import type { VisitEntry } from "../ports/visits.ts";
import type { FlatProperties } from "./flatten.ts";

/** One event as ingest accepted it and as it travels in the queue: validated, pseudonymous, not yet enriched. */
export interface AcceptedEvent {
  /** Starts with the identity time; see identity.ts. Unique within the project. */
  id: string;
  collection: string;
  /** Corrected client time, milliseconds UTC. */
  timestamp: number;
  /** The customer's own properties, as sent (placeholders replaced; the collector runs the add-ons). */
  properties: JsonObject;
  /** Standard fields known at ingest (visitor, visit, page URL parts, …), by column. */
  context?: Context;
  /** What the collector's enrichment works from; not stored. */
  raw?: RawContext;
  /** Keen's uniqueness token: the first event with it in this collection is stored, the others are duplicates for 31 days. */
  uniquenessToken?: string;
  /** Keen's `keen.addons`, taken out of the properties by ingest; the collector runs them in this order. */
  addons?: KeenAddon[];
}

/** What several events of one request have in common; an event's own values come before it. */
export interface SharedContext {
  readonly context?: Context;
  readonly raw?: RawContext;
}

/** One event as its envelope holds it: without what it shares with others, with the places where that is. */
export interface PackedEvent extends AcceptedEvent {
  /** Index into the envelope's `pages`. */
  page?: number;
  /** Index into the envelope's `visits`. */
  visit?: number;
}

/** The names of Keen's enrichment add-ons. Ingest refuses any other name. */
export const KEEN_ADDONS = [
  "keen:ip_to_geo",
  "keen:ua_parser",
  "keen:url_parser",
  "keen:referrer_parser",
  "keen:date_time_parser",
] as const;

/** One entry of `keen.addons`: reads properties of the event, writes one object into it. */
export interface KeenAddon {
  name: (typeof KEEN_ADDONS)[number];
  /** Parameter to dotted path of a property of the same event; `remove_ip_property` alone is a boolean. */
  input: Record<string, string | boolean>;
  /** Dotted path, created with its parents, or merged into an object that is there. Never inside `keen`. */
  output: string;
}

/** Raw material for enrichment. Never holds a full address: ingest cuts it first. */
export interface RawContext {
  /** Address cut to /24 or /48. */
  ip?: string;
  userAgent?: string;
  /** Page URL, already reduced to host, path and allowed query parameters. */
  url?: string;
  referrer?: string;
  /** What the event's visit began with; absent when the event belongs to none. */
  visit?: VisitEntry;
  /** Browser time zone (IANA), for the country estimate. */
  timezone?: string;
  /** How many fingers the screen feels: a tablet may call itself a desktop computer. */
  touchPoints?: number;
  /** Version of the system as client hints tell it, where the User-Agent header's is frozen. */
  platformVersion?: string;
  /** Viewer headers set by CloudFront on the trusted path. */
  country?: string;
  region?: string;
  city?: string;
}

/** Where an event was accepted: the request's batch id and its place in it. The same on every retry of that message. */
export interface Provenance {
  batch: string;
  ordinal: number;
}

/** One event as a store keeps it. */
export interface StoredEvent extends Provenance {
  project: string;
  id: string;
  collection: string;
  timestamp: number;
  receivedAt: number;
  /** The ingest instance, its message number and its running total, see {@link Envelope}: the proof of G3 on AWS. */
  instance: string;
  sequence: number;
  accepted: number;
  context: Context;
  /** Given back as sent. */
  properties: JsonObject;
  /** The same properties in typed form, for queries. */
  flat: FlatProperties;
}
