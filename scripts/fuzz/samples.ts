import type { ProjectKeys } from "../product/tenants.ts";

/** A request before it is spoilt. `body` is JSON; `query` goes into the address, each value as JSON unless it is text. */
export interface Sample {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly key: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Good requests to every route of the document and to the recording routes: what is spoilt must first be understood. */
export function samplesOf({ paths }: OpenApi, keys: ProjectKeys): Sample[] {
  const documented = Object.entries(paths).flatMap(([template, methods]) =>
    Object.keys(methods).flatMap((method) => requestsOf(method.toUpperCase(), template, keys)),
  );
  return [...documented, ...recordings(keys)];
}

/** The routes that refuse a request with a page, as `METHOD path`: people read them, not programs. */
export function pageRoutesOf({ paths }: OpenApi): ReadonlySet<string> {
  return new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { responses }]) => responses?.["400"]?.content?.["text/html"] !== undefined)
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    ),
  );
}

function requestsOf(method: string, template: string, keys: ProjectKeys): Sample[] {
  if (method !== "GET" && method !== "POST" && method !== "PUT" && method !== "DELETE") return [];
  const path = template
    .replace(/\{project\w*\}/i, keys.project)
    .replace(/\{collection\w*\}/i, "pages")
    .replaceAll(/\{\w+\}/g, "price");
  const key = keys.masterKey;
  const analysis = /\/queries\/(\w+)$/.exec(template)?.[1];
  if (analysis === undefined || analysis === "saved")
    return [{ method, path, key, ...(method !== "GET" && { body: {} }) }];
  return questionsOf(analysis).map((parameters) =>
    method === "GET" ? { method, path, key, query: parameters } : { method, path, key, body: parameters },
  );
}

const FILTERS = [
  { property_name: "price", operator: "gt", property_value: 5 },
  {
    operator: "or",
    operands: [
      { property_name: "$page.path", operator: "contains", property_value: "/a" },
      { operator: "not", operands: [{ property_name: "tags", operator: "in", property_value: ["a", "b", 1, null] }] },
      { property_name: "name", operator: "regex", property_value: "^[a-z]+\\d{1,3}(x|y)*$" },
      { property_name: "keen.timestamp", operator: "lt", property_value: "2026-01-01T00:00:00Z" },
      {
        property_name: "keen.location.coordinates",
        operator: "within",
        property_value: { coordinates: [2, 48], max_distance_miles: 5 },
      },
      {
        property_name: "$visit.id",
        operator: "did_not",
        property_value: {
          event_collection: "signups",
          filters: [{ property_name: "plan", operator: "eq", property_value: "free" }],
        },
      },
    ],
  },
];

function questionsOf(analysis: string): Record<string, unknown>[] {
  const target = { target_property: "price" };
  const own: Record<string, unknown> =
    analysis === "multi_analysis"
      ? { analyses: { a: { analysis_type: "count" }, b: { analysis_type: "median", ...target, filters: FILTERS } } }
      : analysis === "count"
        ? {}
        : analysis === "percentile"
          ? { ...target, percentile: 90 }
          : analysis === "percentiles"
            ? { ...target, percentiles: [50, 99.9] }
            : analysis === "extraction"
              ? { latest: 3, property_names: ["price", "name"], standard_fields: true, content_type: "text/csv" }
              : analysis === "funnel"
                ? {
                    steps: [
                      { event_collection: "pages", actor_property: "name", filters: FILTERS },
                      { event_collection: "pages", actor_property: "name" },
                    ],
                  }
                : target;
  const base = { event_collection: "pages", timeframe: "this_7_days", timezone: "Europe/Paris", ...own };
  if (analysis === "extraction" || analysis === "funnel") return [base];
  return [
    {
      ...base,
      filters: FILTERS,
      interval: "daily",
      group_by: ["name", { property_name: "price", alias: "step", buckets: { size: 0.5, offset: 1 } }],
      order_by: [{ property_name: "name", direction: "DESC" }],
      limit: 5,
      compare_to: "previous_period",
    },
    {
      ...base,
      group_by: [
        "$page.path",
        {
          property_name: "price",
          ranges: [
            { to: 5, alias: "low" },
            { from: 5, to: 10 },
          ],
        },
      ],
      order_by: "price",
      limit: 1,
      other: "rest",
      compare_to: { start: "2026-01-01", end: "2026-02-01" },
    },
    {
      ...base,
      timeframe: { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" },
      interval: "every_2_weeks",
      include_metadata: true,
      zero_fill: false,
      bots: "exclude",
    },
  ];
}

const EVENT = {
  price: 9.5,
  name: "abc1",
  tags: ["a", "b"],
  nested: { deep: { value: null, yes: true } },
  keen: {
    timestamp: "2026-01-01T00:00:00.000Z",
    location: { coordinates: [2.3, 48.8] },
    uniqueness_token: "token-1",
    addons: [
      { name: "keen:ip_to_geo", input: { ip: "ip" }, output: "geo" },
      { name: "keen:ua_parser", input: { ua_string: "ua" }, output: "agent" },
      { name: "keen:url_parser", input: { url: "url" }, output: "parsed" },
      { name: "keen:date_time_parser", input: { date_time: "keen.timestamp" }, output: "date" },
    ],
  },
  ip: "${keen.ip}",
  ua: "${keen.user_agent}",
  url: "https://example.com/a?utm_source=b#c",
};

function recordings({ project, writeKey, masterKey }: ProjectKeys): Sample[] {
  const events = `/3.0/projects/${project}/events`;
  const data = Buffer.from(JSON.stringify(EVENT)).toString("base64");
  const page = { n: "pageviews", t: 10, g: 1, u: "https://example.com/a?b=c", T: "Title", p: { price: 1, name: "x" } };
  return [
    { method: "POST", path: `${events}/pages`, key: writeKey, body: EVENT },
    {
      method: "POST",
      path: events,
      key: writeKey,
      body: { pages: [EVENT, { ...EVENT, price: 1 }], clicks: [{ a: 1 }] },
    },
    {
      method: "POST",
      path: events,
      key: masterKey,
      body: { pages: [{ ...EVENT, keen: { ...EVENT.keen, id: "019a00000000fuzz-1" } }] },
    },
    { method: "GET", path: `${events}/pages`, key: writeKey, query: { data } },
    { method: "GET", path: `${events}/pages`, key: writeKey, query: { data, jsonp: "call", api_key: writeKey } },
    { method: "GET", path: `${events}/pages`, key: writeKey, query: { data, redirect: "https://example.com/" } },
    {
      method: "POST",
      path: "/v1/e",
      key: writeKey,
      body: {
        v: 1,
        k: writeKey,
        i: "019a0000-0000-7000-8000-000000000001",
        s: 1_790_000_000_000,
        a: 0,
        c: { l: "en-GB", z: "Europe/Paris", w: [800, 600, 700, 500], r: "https://example.org/from" },
        d: { id: "user-1" },
        e: [
          { ...page, q: 0 },
          { q: 1, n: "clicks", t: 5, g: 1, m: 1_000, x: "https://example.net/", w: "widget" },
        ],
      },
    },
  ];
}
