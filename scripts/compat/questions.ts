import { deepStrictEqual as same, ok } from "node:assert";
import type { Case } from "./case.ts";
import { byCountry, byDay, COLLECTION, count, PURCHASES, TIMEFRAME } from "./events.ts";

/** Asks by a client. Answers what the client gives, which has Keen's `result`. */
export type Ask = (analysis: string, parameters: Record<string, unknown>) => Promise<unknown>;

const prices = PURCHASES.map(({ price }) => price);
const sum = prices.reduce((total, price) => total + price, 0);
const sorted = prices.toSorted((a, b) => a - b);
/** Keen's percentiles are nearest ranks. */
const ranked = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1];
const mean = sum / prices.length;
const deviation = Math.sqrt(prices.reduce((total, price) => total + (price - mean) ** 2, 0) / prices.length);

const is = (property_name: string, operator: string, property_value: unknown) => ({
  property_name,
  operator,
  property_value,
});
const step = (filter: object, more: object = {}) => ({
  event_collection: COLLECTION,
  actor_property: "user",
  filters: [filter],
  timeframe: TIMEFRAME,
  ...more,
});
const usersIn = (country: string) =>
  new Set(PURCHASES.filter((each) => each.country === country).map(({ user }) => user));
const price = { target_property: "price" };

/** A question, and what is right. */
type Question = readonly [
  method: string,
  analysis: string,
  parameters: Record<string, unknown>,
  check: (result: unknown, answer: unknown) => void,
];

const equals = (expected: unknown) => (result: unknown) => same(result, expected);
const near = (expected: number) => (result: unknown) =>
  ok(Math.abs(Number(result) - expected) < 1e-9, `${String(result)}`);

const QUESTIONS: readonly Question[] = [
  ["count", "count", {}, equals(PURCHASES.length)],
  ["count_unique", "count_unique", { target_property: "user" }, equals(11)],
  ["minimum", "minimum", price, equals(Math.min(...prices))],
  ["maximum", "maximum", price, equals(Math.max(...prices))],
  ["sum", "sum", price, equals(sum)],
  ["average", "average", price, near(mean)],
  ["median", "median", price, equals(ranked(50))],
  ["percentile", "percentile", { ...price, percentile: 90 }, equals(ranked(90))],
  ["standard_deviation", "standard_deviation", price, near(deviation)],
  [
    "select_unique",
    "select_unique",
    { target_property: "country" },
    (result) => same((result as string[]).toSorted(), ["DE", "PL", "US"]),
  ],
  ["interval", "count", { interval: "daily" }, equals(byDay((of) => of.length))],
  ["group_by", "count", { group_by: "country" }, equals(byCountry(PURCHASES, (of) => of.length))],
  [
    "interval and group_by",
    "count",
    { interval: "daily", group_by: "country" },
    equals(byDay((day) => byCountry(day, (of) => of.length))),
  ],
  [
    "order_by, limit",
    "count",
    { group_by: "country", order_by: [{ property_name: "result", direction: "DESC" }], limit: 1 },
    equals([{ country: "DE", result: count((each) => each.country === "DE") }]),
  ],
  [
    "group_by with buckets",
    "count",
    { group_by: { property_name: "price", buckets: { size: 10 } } },
    (result) =>
      same(
        (result as { result: number }[]).reduce((total, each) => total + each.result, 0),
        PURCHASES.length,
      ),
  ],
  [
    "filters",
    "count",
    { filters: [is("country", "eq", "PL"), is("price", "gte", 5), is("plan", "exists", true)] },
    equals(count((each) => each.country === "PL" && each.price >= 5 && each.plan !== undefined)),
  ],
  [
    "filters: or",
    "count",
    { filters: [{ operator: "or", operands: [is("country", "eq", "PL"), is("country", "eq", "US")] }] },
    equals(count((each) => each.country !== "DE")),
  ],
  [
    "filters: within (geo)",
    "count",
    {
      filters: [is("keen.location.coordinates", "within", { coordinates: [13.4, 52.5], max_distance_miles: 50 })],
    },
    equals(count((each) => each.country === "DE")),
  ],
  [
    "timezone",
    "count",
    { timeframe: { start: "2026-01-05T00:00:00", end: "2026-01-06T00:00:00" }, timezone: "US/Pacific" },
    equals(count(({ keen }) => keen.timestamp >= "2026-01-05T08" && keen.timestamp < "2026-01-06T08")),
  ],
  [
    "multi_analysis",
    "multi_analysis",
    { analyses: { bought: { analysis_type: "count" }, turnover: { analysis_type: "sum", target_property: "price" } } },
    equals({ bought: PURCHASES.length, turnover: sum }),
  ],
  [
    "extraction",
    "extraction",
    { latest: 2 },
    (result) => {
      const rows = result as Record<string, unknown>[];
      same(rows.length, 2);
      same(rows[0]?.["user"], PURCHASES.at(-1)?.user);
      same(
        Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("$")),
        [],
      );
    },
  ],
  [
    "extraction: property_names",
    "extraction",
    { latest: 1, property_names: ["user", "keen.timestamp"] },
    equals([{ user: PURCHASES.at(-1)?.user, keen: { timestamp: PURCHASES.at(-1)?.keen.timestamp } }]),
  ],
  [
    "funnel",
    "funnel",
    { steps: [step(is("country", "eq", "PL")), step(is("country", "eq", "US"))] },
    equals([usersIn("PL").size, [...usersIn("PL")].filter((user) => usersIn("US").has(user)).length]),
  ],
  [
    "funnel: inverted",
    "funnel",
    { steps: [step(is("isNew", "eq", true)), step(is("plan", "eq", "pro"), { inverted: true })] },
    (result) => {
      const pro = new Set(PURCHASES.filter(({ plan }) => plan === "pro").map(({ user }) => user));
      const isNew = new Set(PURCHASES.filter((each) => each.isNew).map(({ user }) => user));
      same(result, [isNew.size, [...isNew].filter((user) => !pro.has(user)).length]);
    },
  ],
];

/** Asked where a client asks nothing but what Keen's documentation has. */
const METADATA: Question = [
  "include_metadata",
  "count",
  { include_metadata: true },
  (_result, answer) => {
    const { execution_metadata: metadata = {} } = answer as { execution_metadata?: object };
    same(Object.keys(metadata).toSorted(), [
      "events_scanned",
      "properties_per_event",
      "total_processing_time",
      "total_properties_scanned",
    ]);
  },
];

/** The questions as cases of a client. @param without what the client has no way to ask */
export function questionCases(
  ask: Ask,
  { without = [], metadata = false }: { without?: readonly string[]; metadata?: boolean } = {},
): Case[] {
  const questions = metadata ? [...QUESTIONS, METADATA] : QUESTIONS;
  return questions
    .filter(([method]) => !without.includes(method))
    .map(([method, analysis, parameters, check]) => ({
      method,
      async run() {
        const common = analysis === "funnel" ? {} : { event_collection: COLLECTION, timeframe: TIMEFRAME };
        const answer = await ask(analysis, { ...common, ...parameters });
        check((answer as { result?: unknown }).result, answer);
      },
    }));
}
