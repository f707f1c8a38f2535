import { isObject, type Json, type JsonObject } from "@millrace/core";
import type { Mapping } from "./mapping.ts";

/** The collection that page views go to, whatever they were called. */
export const PAGE_VIEWS = "pageviews";

/**
 * How the exports of other products are read, as far as their forms are public. What a preset names is what every event has;
 * all else of the line, or of its `properties`, stays the event's own.
 */
export const PRESETS = {
  /** PostHog: batch exports and the events API. Names with `$` are its own, and lose it. */
  posthog: {
    time: ["timestamp", "created_at"],
    collection: { from: ["event"] },
    pageViews: ["$pageview", "$screen"],
    id: ["uuid", "properties.$insert_id"],
    user: ["distinct_id", "properties.distinct_id"],
    address: ["properties.$ip", "ip"],
    userAgent: ["properties.$raw_user_agent", "properties.$user_agent"],
    url: ["properties.$current_url"],
    referrer: ["properties.$referrer"],
    title: ["properties.title"],
    properties: "properties",
    unfold: unfoldPostHog,
  },
  /** Mixpanel, raw event export API: `time` is in seconds. */
  mixpanel: {
    time: ["properties.time"],
    collection: { from: ["event"] },
    pageViews: ["$mp_web_page_view", "Page View"],
    id: ["properties.$insert_id"],
    user: ["properties.distinct_id", "properties.$user_id", "properties.$device_id"],
    address: ["properties.ip"],
    url: ["properties.$current_url", "properties.current_url"],
    referrer: ["properties.$referrer"],
    title: ["properties.current_page_title"],
    properties: "properties",
  },
  /** Google Analytics 4's export to BigQuery: `event_timestamp` is in microseconds, parameters are a list of keys and values. */
  ga4: {
    time: ["event_timestamp"],
    collection: { from: ["event_name"] },
    pageViews: ["page_view", "screen_view"],
    user: ["user_id", "user_pseudo_id"],
    url: ["event_params.page_location"],
    referrer: ["event_params.page_referrer"],
    title: ["event_params.page_title"],
    unfold: unfoldParameters,
  },
  /** Umami's table `website_event`, a row an object, and the rows that its API answers, whose names have capitals. */
  umami: {
    time: ["created_at", "createdAt"],
    collection: { from: ["event_name"] },
    id: ["event_id", "id"],
    user: ["session_id", "sessionId"],
    url: ["url"],
    referrer: ["referrer"],
    title: ["page_title", "pageTitle"],
    unfold: unfoldUmami,
  },
  /** Plausible's table `events_v2`, a row an object. */
  plausible: {
    time: ["timestamp"],
    collection: { from: ["name"] },
    pageViews: ["pageview"],
    user: ["user_id"],
    url: ["url"],
    referrer: ["referrer"],
    unfold: unfoldPlausible,
  },
} satisfies Record<string, Mapping>;

export type PresetName = keyof typeof PRESETS;

export function isPreset(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}

/** Exports of tables hold the properties as a text of JSON. */
function unfoldPostHog(line: JsonObject): JsonObject {
  if (typeof line["properties"] !== "string") return line;
  try {
    return { ...line, properties: JSON.parse(line["properties"]) as Json };
  } catch {
    return line;
  }
}

/** `[{ key, value: { string_value } }]` as `{ key: value }`. */
function unfoldParameters(line: JsonObject): JsonObject {
  return {
    ...line,
    ...(Array.isArray(line["event_params"]) && { event_params: parametersOf(line["event_params"]) }),
    ...(Array.isArray(line["user_properties"]) && { user_properties: parametersOf(line["user_properties"]) }),
  };
}

function parametersOf(list: readonly Json[]): JsonObject {
  return Object.fromEntries(
    list.filter(isObject).flatMap(({ key, value }) => {
      if (typeof key !== "string" || !isObject(value)) return [];
      const found = Object.entries(value).find(([name, inner]) => name.endsWith("_value") && inner !== null);
      return found === undefined ? [] : [[key, numberOf(found[0], found[1])]];
    }),
  );
}

/** BigQuery's JSON writes whole numbers as text. */
function numberOf(name: string, value: Json): Json {
  const number = typeof value === "string" && name !== "string_value" ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) || (name !== "int_value" && Number.isFinite(number)) ? number : value;
}

function unfoldUmami(line: JsonObject): JsonObject {
  const of = (snake: string, camel: string): Json => line[snake] ?? line[camel] ?? null;
  return {
    ...line,
    event_name: of("event_name", "eventName") || PAGE_VIEWS,
    url: joined(line["hostname"], of("url_path", "urlPath"), of("url_query", "urlQuery")),
    referrer: joined(
      of("referrer_domain", "referrerDomain"),
      of("referrer_path", "referrerPath"),
      of("referrer_query", "referrerQuery"),
    ),
  };
}

const UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"];

function unfoldPlausible(line: JsonObject): JsonObject {
  const { "meta.key": keys, "meta.value": values, ...rest } = line;
  const meta =
    Array.isArray(keys) && Array.isArray(values)
      ? {
          meta: Object.fromEntries(
            keys.flatMap((key, index) => (typeof key === "string" ? [[key, values[index] ?? null]] : [])),
          ),
        }
      : {};
  const campaign = new URLSearchParams();
  for (const name of UTM) {
    const value = line[name];
    if (typeof value === "string" && value !== "") campaign.set(name, value);
  }
  const { referrer } = line;
  return {
    ...rest,
    ...meta,
    url: joined(line["hostname"], line["pathname"], campaign.toString()),
    // Kept there without its scheme, and without one it would be a path.
    ...(typeof referrer === "string" && /^[^/:]+\.[^/:]+/.test(referrer) && { referrer: `https://${referrer}` }),
  };
}

function joined(host: Json | undefined, path: Json | undefined, query: Json | undefined): string | null {
  const at = typeof path === "string" && path !== "" ? path : "/";
  const tail = typeof query === "string" && query !== "" ? `?${query.replace(/^\?/, "")}` : "";
  if (typeof host !== "string" || host === "") return typeof path === "string" && path !== "" ? at + tail : null;
  return `https://${host}${at.startsWith("/") ? "" : "/"}${at}${tail}`;
}
