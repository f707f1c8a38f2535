import { asked, counts, deep, filtered, get, lately, long, of, post, step, type Wrong } from "./requests.ts";

/** Requests that ask and are refused, by what they are about. */
export const WRONG_QUESTIONS: Readonly<Record<string, readonly Wrong[]>> = {
  questions: [
    ...post("/queries/guess", of),
    ...post("/queries/count", {}, { event_collection: [] }, { event_collection: 5 }, { event_collection: "nowhere" }),
    ...post("/queries/count", { event_colection: "purchases" }, { ...of, [long]: 1 }, { ...of, xyzzy: 1 }),
    ...counts({ bots: "some" }, { include_metadata: "perhaps" }, { max_age: -1 }, { zero_fill: 2 }, { limit: 3 }),
    ...counts({ limit: deep(40) }, { timezone: "Mars/Base" }, { timezone: 5_000_000 }, { timezone: [] }),
    ...counts({ timeframe: "lately" }, { timeframe: 7 }, { timeframe: {} }, { timeframe: { start: "2021-03-09" } }),
    ...counts(
      { timeframe: { start: "soon", end: "later" } },
      { timeframe: { start: "2021-03-09", end: "2021-03-09" } },
    ),
    ...counts({ timeframe: { start: "2021-03-09", end: "2021-03-10", until: 1 } }, { timeframe: "this_0_days" }),
    ...counts({ interval: "daily" }, { ...lately, interval: "sometimes" }, { ...lately, interval: "every_0_days" }),
    ...counts({ ...lately, interval: 3 }, { timeframe: "this_90_years", interval: "minutely" }),
    ...counts(
      { time_property: "$visit.start" },
      { ...lately, time_property: "price" },
      { compare_to: "previous_period" },
    ),
    ...counts({ ...lately, compare_to: "yesterday" }, { ...lately, compare_to: { begin: "2021-01-01" } }),
    ...counts({ ...lately, compare_to: { start: "2021-03-10", end: "2021-03-09" } }),
    ...counts(
      { group_by: "result" },
      { group_by: [{ property_name: "a", buckets: { size: 1 } }, "a"] },
      { group_by: 5 },
      { group_by: [{ property: "a" }] },
    ),
    ...counts(
      { group_by: { property: "price", alias: "" } },
      { group_by: { property: "price", buckets: { size: 0 } } },
    ),
    ...counts({ group_by: { property: "price", buckets: { size: 1e-12 } } }),
    ...counts({ group_by: { property: "price", buckets: { size: 5 }, ranges: [{ from: 0 }] } }),
    ...counts({ group_by: { property: "price", ranges: [] } }, { group_by: { property: "price", ranges: [{}] } }),
    ...counts({ group_by: { property: "price", ranges: [{ from: 5, to: 5 }] } }),
    ...counts({ group_by: { property: "price", ranges: [{ to: 5 }, { from: 4, to: 9 }] } }),
    ...counts({
      group_by: {
        property: "price",
        ranges: [
          { to: 5, label: "a" },
          { from: 5, label: "a" },
        ],
      },
    }),
    ...counts({ order_by: "result" }, { group_by: "price", order_by: "count" }, { group_by: "price", limit: 5 }),
    ...counts({ group_by: "price", other: true }, { group_by: "price", order_by: { property_name: "result", up: 1 } }),
    ...counts(
      { group_by: "price", order_by: "result", limit: 0 },
      { group_by: "price", order_by: "result", limit: 5, other: 3 },
    ),
    ...post("/queries/average", {
      ...of,
      ...lately,
      target_property: "price",
      group_by: "country",
      order_by: "result",
      limit: 1,
      other: true,
      interval: "daily",
    }),
    ...post("/queries/sum", of, { ...of, target_property: 5 }, { ...of, target_property: "" }),
    ...post(
      "/queries/percentile",
      { ...of, target_property: "price" },
      { ...of, target_property: "price", percentile: 101 },
    ),
    ...post("/queries/percentiles", { ...of, target_property: "price", percentiles: [] }),
    ...post(
      "/queries/multi_analysis",
      of,
      { ...of, analyses: {} },
      { ...of, analyses: { a: 1 } },
      { ...of, analyses: [] },
    ),
    ...post(
      "/queries/multi_analysis",
      { ...of, analyses: { a: { analysis_type: "funnel" } } },
      { ...of, analyses: { a: {} } },
    ),
    ...post(
      "/queries/multi_analysis",
      { ...of, analyses: { a: { analysis_type: "sum" } } },
      { ...of, analyses: { a: { analysis_type: "count", limit: 1 } } },
    ),
    ...post("/queries/multi_analysis", {
      ...of,
      analyses: Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`a${i}`, { analysis_type: "count" }])),
    }),
    ...post(
      "/queries/extraction",
      { ...of, group_by: "price" },
      { ...of, email: "ada@example.com" },
      { ...of, latest: 0 },
    ),
    ...post(
      "/queries/extraction",
      { ...of, property_names: [] },
      { ...of, property_names: ["$nothing"] },
      { ...of, property_names: 5 },
    ),
    ...post("/queries/extraction", { ...of, content_type: "text/xml" }, { ...of, standard_fields: 3 }),
    ...get("/queries/count?event_collection=purchases&jsonp=a%20b&api_key=x", "/queries/count?limit=1&limit=2"),
    ...get("/queries/count?event_collection=purchases&filters=[1e999]"),
  ],
  filters: [
    ...counts(
      { filters: 5 },
      { filters: {} },
      {
        filters: Array.from({ length: 300 }, () => ({ property_name: "a", operator: "exists", property_value: true })),
      },
    ),
    ...filtered(
      5,
      {},
      { operator: "is", property_name: "price" },
      { operator: "eq" },
      { operator: "eq", property_name: "price" },
    ),
    ...filtered(
      { operator: "eq", property_name: 5, property_value: 1 },
      { operator: "eq", property_name: "a", property_value: {} },
    ),
    ...filtered(
      { operator: "eq", property_name: "a", property_value: 1, more: 2 },
      { operator: "in", property_name: "a", property_value: 1 },
    ),
    ...filtered(
      { operator: "exists", property_name: "a", property_value: 1 },
      { operator: "regex", property_name: "a", property_value: "(" },
    ),
    ...filtered({ operator: "gt", property_name: "a", property_value: null }),
    ...filtered(
      { operator: "within", property_name: "a", property_value: 5 },
      { operator: "within", property_name: "keen.location.coordinates", property_value: { coordinates: [1] } },
    ),
    ...filtered(
      { operator: "or", operands: [] },
      { operator: "or" },
      { operator: "not", operands: [1, 2] },
      { operator: "not", operands: [{}] },
    ),
    ...filtered({ operator: "and", operands: [{ operator: "or", operands: [{ operator: "is" }] }] }),
    ...filtered({ operator: "gt", property_name: "keen.timestamp", property_value: "lately" }),
  ],
  actors: [
    ...post(
      "/queries/funnel",
      {},
      { steps: [] },
      { steps: 5 },
      { steps: [5] },
      { steps: [of] },
      { steps: [step], window: "7_days" },
    ),
    ...post(
      "/queries/funnel",
      { steps: [{ ...step, inverted: true }] },
      { steps: [{ ...step, optional: true }] },
      { steps: [{ ...step, interval: 1 }] },
    ),
    ...post(
      "/queries/funnel",
      { steps: [step, { ...step, timeframe: "lately" }] },
      { steps: [step], breakdown: "a" },
      { steps: [step], ordered: 5 },
    ),
    ...post(
      "/queries/retention",
      { actor_property: "a" },
      { actor_property: "a", first: of, ...lately, interval: "daily", returning: 5 },
    ),
    ...post("/queries/retention", {
      actor_property: "a",
      first: { ...of, bots: "only" },
      ...lately,
      interval: "daily",
    }),
    ...post(
      "/queries/paths",
      of,
      { ...of, step_property: "a", depth: 0 },
      { ...of, step_property: "a", direction: "up" },
    ),
  ],
  batches: [
    ...post(
      "/queries/batch",
      {},
      { queries: {} },
      { queries: 5 },
      { queries: { a: asked }, more: 1 },
      { queries: { a: asked }, max_age: "x" },
    ),
    ...post("/queries/batch", { queries: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`q${i}`, asked])) }),
    ...get("/ledger?timeframe=lately", "/ledger?timefram=today", "/ledger?timeframe=this_40_years"),
    ...get("/events/nowhere", "/events/purchases/properties/nothing", "/events?standard_fields=perhaps", "/nowhere"),
  ],
};
