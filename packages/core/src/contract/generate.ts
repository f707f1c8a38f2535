import fc from "fast-check";
import type { Context } from "../event/fields.ts";
import type { Filter } from "../query/filter.ts";
import { gridOf, type GroupKey } from "../query/group.ts";
import { parseRegex } from "../query/regex.ts";
import type { ExtractionQuery, Measure, TimeColumn } from "../query/query.ts";
import type { CalendarUnit, Zone } from "../time/zone.ts";
import type { Interval } from "../time/interval.ts";
import type { Json, JsonObject } from "../values/json.ts";
import type { MetricInput } from "./fixtures.ts";

/**
 * Random events and queries over one small vocabulary: few names and few values, so that filters hit, groups repeat and one name
 * has values of every type.
 */
export interface EventSeed {
  readonly collection: string;
  readonly timestamp: number;
  readonly context: Context;
  readonly properties: JsonObject;
}

const HOUR = 3_600_000;
/** Clocks go back in Berlin this night, forward on Lord Howe three weeks before; a year has all its edges near it. */
const CENTRE = Date.UTC(2026, 9, 25, 0, 30);

const STRINGS = [
  "",
  "a",
  "b",
  "ab",
  "AB",
  "5",
  "true",
  "null",
  "a\nb",
  "ä",
  "\u{1F600}",
  "\uFFFD",
  "[1]",
  "x'y\"z\\",
  "a\u0000b",
];
/** Small ones, and ones that are far from zero and near each other, as amounts in cents and times in milliseconds are. */
const NUMBERS = [-1.5, -1, 0, 0.1, 0.3, 1, 1.5, 2, 5, 7, 250, 1000, 1e9, 1e9 + 1000, 1.7e12, 1.7e12 + 86_400_000];
const NAMES = ["a", "b", "__proto__", "constructor", "ключ 😀", "it's"];
const PATHS = [...NAMES, "deep.a", "deep.b", "deep.deep.a", "deep", "never"];
const COLLECTIONS = ["visits", "clicks"];
const STRING_FIELDS = ["$page.path", "$geo.country", "$collection"];
const NUMBER_FIELDS = ["$engaged_ms", "$visit.page"];
const DATETIME_FIELDS = ["keen.timestamp", "keen.created_at", "$visit.start"];

const string = fc.constantFrom(...STRINGS);
const number = fc.constantFrom(...NUMBERS);
const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  string,
  number,
  fc.boolean(),
  fc.constant(null),
);
const array: fc.Arbitrary<Json[]> = fc.oneof(
  { weight: 4, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), record(scalar)), { maxLength: 2 }),
  },
);
/** Places of which no two are at a distance that is asked for, and what only looks like one. */
const place: fc.Arbitrary<Json[]> = fc.constantFrom<Json[][]>(
  [13.4, 52.5],
  [13.4, 52.6],
  [-122.42, 37.77],
  [180, 0],
  [-179.9, 0.1],
  [0, 90],
  [1e-7, -90],
  [13.4, 152],
  [181, 0],
  [13.4, "52.5"],
  [13.4, 52.5, 0],
  [[13.4], 52.5],
  ["13.4,52.5"],
  [true, 1],
);
const leaf: fc.Arbitrary<Json> = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 2, arbitrary: array }, place);

/** Objects over {@link NAMES}; `__proto__` is an own property, as JSON.parse makes it. */
function record<T extends Json>(value: fc.Arbitrary<T>): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 3, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
}

const properties: fc.Arbitrary<JsonObject> = fc
  .tuple(
    record(leaf),
    fc.option(record(fc.oneof(leaf, record(leaf))), { freq: 2 }),
    fc.option(record(leaf), { freq: 4 }),
  )
  .map(([flat, deep, deeper]) => ({
    ...flat,
    ...(deep && { deep: deeper ? { ...deep, deep: deeper } : deep }),
  }));

const timestamp = fc.oneof(
  fc.integer({ min: -80, max: 80 }).map((half) => CENTRE + half * (HOUR / 2)),
  fc.integer({ min: -100, max: 100 }).map((day) => CENTRE + day * 24 * HOUR - 1),
);

const context: fc.Arbitrary<Context> = fc.record(
  {
    page_path: fc.constantFrom("/", "/a", "/b"),
    geo_country: fc.constantFrom("DE", "PL", null),
    engaged_ms: fc.constantFrom(0, 10, 2500),
    visit_page: fc.constantFrom(1, 2),
    bot_is: fc.boolean(),
    bot_reasons: fc.constantFrom<string[]>([], ["a"], ["a", "b"]),
    visit_start: timestamp,
  },
  { requiredKeys: [] },
);

export const eventSeed: fc.Arbitrary<EventSeed> = fc.record({
  collection: fc.constantFrom(...COLLECTIONS),
  timestamp,
  context,
  properties,
});

const anyField = fc.constantFrom(...PATHS, ...STRING_FIELDS, ...NUMBER_FIELDS, "$bot.is", "$bot.reasons");
/** What can be grouped by and listed. */
const keyField = fc.oneof({ weight: 6, arbitrary: anyField }, fc.constantFrom(...DATETIME_FIELDS));
const orderedField = fc.constantFrom(...PATHS, ...STRING_FIELDS, ...NUMBER_FIELDS);
const numericField = fc.constantFrom(...PATHS, ...NUMBER_FIELDS);
const operand = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: array });
const knownPattern = fc.constantFrom(
  "^(a|b)$",
  "[^a]",
  "^\\d+$",
  "^.?$",
  "ä|ab",
  "^$",
  "[a-c]{2,3}",
  "\\\\",
  "(a|A)(b|B)",
);
const piece = fc.constantFrom(
  "a",
  "b",
  "ä",
  "\u{1F600}",
  ".",
  "\\d",
  "\\W",
  "[a-c]",
  "[^b]",
  "(",
  ")",
  "|",
  "*",
  "+",
  "?",
  "{2}",
  "{0,2}",
  "^",
  "$",
);
/** Whatever of the pieces happens to be in the subset. */
const randomPattern = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(""))
  .filter(isPattern);
const pattern = fc.oneof(knownPattern, randomPattern);

function isPattern(text: string): boolean {
  try {
    parseRegex(text);
    return true;
  } catch {
    return false;
  }
}

const filterLeaf: fc.Arbitrary<Filter<string>> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("eq" as const), field: anyField, value: operand }) },
  fc.record({ kind: fc.constant("in" as const), field: anyField, values: fc.array(operand, { maxLength: 4 }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("compare" as const),
      field: orderedField,
      op: fc.constantFrom("lt" as const, "lte" as const, "gt" as const, "gte" as const),
      value: fc.oneof(string, number),
    }),
  },
  fc.record({
    kind: fc.constant("compare" as const),
    field: fc.constantFrom(...DATETIME_FIELDS),
    op: fc.constantFrom("lt" as const, "gte" as const),
    value: timestamp,
  }),
  fc.record({
    kind: fc.constant("in" as const),
    field: fc.constantFrom(...DATETIME_FIELDS),
    values: fc.array(timestamp, { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("exists" as const), field: anyField }),
  fc.record({ kind: fc.constant("contains" as const), field: anyField, value: fc.oneof(string, number, fc.boolean()) }),
  fc.record({ kind: fc.constant("regex" as const), field: anyField, pattern }),
  fc.record({
    kind: fc.constant("within" as const),
    field: fc.constantFrom(...PATHS),
    centre: fc.constantFrom(
      { longitude: 13.41, latitude: 52.5 },
      { longitude: 179.95, latitude: 0.05 },
      { longitude: 0, latitude: 89.9 },
    ),
    metres: fc.constantFrom(0, 5_000, 50_000, 9_000_000, 1e9),
  }),
  fc.record({
    kind: fc.constant("same" as const),
    field: fc.constantFrom(...DATETIME_FIELDS),
    values: fc.array(fc.oneof(timestamp, fc.constant(null)), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("same" as const),
    field: anyField,
    values: fc.array(fc.oneof({ weight: 4, arbitrary: scalar }, array, place), { maxLength: 4 }),
  }),
);

/** Filters up to three levels deep. */
const filter: fc.Arbitrary<Filter<string>> = fc.letrec<{ node: Filter<string> }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 3, arbitrary: filterLeaf },
    fc.record({ kind: fc.constant("not" as const), of: tie("node") }),
    fc.record({ kind: fc.constantFrom("all" as const, "any" as const), of: fc.array(tie("node"), { maxLength: 3 }) }),
  ),
})).node;

const PERCENTILES = [0, 0.01, 7, 12.5, 50, 66.67, 90, 99.99, 100];
const measure: fc.Arbitrary<Measure<string>> = fc.oneof(
  fc.constant<Measure<string>>({ kind: "count" }),
  fc.record({ kind: fc.constantFrom("count_unique" as const, "select_unique" as const), field: keyField }),
  fc.record({
    kind: fc.constantFrom(
      "sum" as const,
      "average" as const,
      "minimum" as const,
      "maximum" as const,
      "standard_deviation" as const,
    ),
    field: numericField,
  }),
  fc.record({
    kind: fc.constant("percentile" as const),
    field: numericField,
    percentile: fc.constantFrom(...PERCENTILES),
  }),
  fc.record({
    kind: fc.constant("percentiles" as const),
    field: numericField,
    percentiles: fc.uniqueArray(fc.constantFrom(...PERCENTILES), { minLength: 1, maxLength: 4 }),
  }),
);

/** Decimals among them that have no double of their own, and buckets as wide as what numbers are far from zero. */
const grid = fc.constantFrom([1, 0], [2, 1], [0.1, 0], [0.3, -0.05], [0.5, 0.25], [1000, 0], [86_400_000, 1]);
const ranges = fc.constantFrom(
  [{ from: 0, to: 2 }],
  [{ to: 0 }, { from: 0, to: 0.1 }, { from: 5 }],
  [{ from: 1000 }, { from: 1, to: 5, alias: "a few" }],
  [{}],
);
const groupKey: fc.Arbitrary<GroupKey<string>> = fc.oneof(
  { weight: 4, arbitrary: keyField },
  fc.tuple(numericField, grid).map(([field, [size = 1, offset = 0]]) => {
    const made = gridOf(size, offset);
    if (!made) throw new Error("A size that is a decimal.");
    return { kind: "buckets" as const, field, name: "b", grid: made };
  }),
  fc.record({ kind: fc.constant("ranges" as const), field: numericField, name: fc.constant("r"), ranges }),
);

const zone: fc.Arbitrary<Zone> = fc.constantFrom<Zone[]>(
  { kind: "named", name: "UTC" },
  { kind: "named", name: "Europe/Berlin" },
  { kind: "named", name: "Australia/Lord_Howe" },
  { kind: "named", name: "Asia/Kathmandu" },
  { kind: "offset", seconds: -5 * 3600 },
);
const unit = fc.constantFrom<CalendarUnit[]>("hour", "day", "week", "month", "year");
const interval: fc.Arbitrary<Interval> = fc.oneof(
  fc.record({ kind: fc.constant("calendar" as const), unit }),
  fc.record({ kind: fc.constant("every" as const), count: fc.integer({ min: 1, max: 5 }), unit }),
);
const timeframe = fc
  .tuple(timestamp, fc.integer({ min: 1, max: 120 * 24 }))
  .map(([start, hours]) => ({ kind: "absolute" as const, start, end: start + hours * HOUR }));

/** What every question over this vocabulary may say. */
export const shared = {
  collections: fc.constantFrom(["visits"], ["visits", "clicks"]),
  zone,
  bots: fc.constantFrom("include" as const, "exclude" as const, "only" as const),
  filter: fc.oneof({ weight: 2, arbitrary: filter }, fc.constant<Filter<string>>({ kind: "all", of: [] })),
};

export const metricInput: fc.Arbitrary<MetricInput> = fc
  .record({
    ...shared,
    measures: fc.array(
      fc.tuple(measure, fc.option(filter, { freq: 3, nil: undefined })).map(([m, only]) => ({
        label: "m",
        measure: m,
        ...(only && { filter: only }),
      })),
      { minLength: 1, maxLength: 3 },
    ),
    groupBy: fc.uniqueArray(groupKey, { maxLength: 2 }),
    when: fc.option(
      fc.record({
        timeframe,
        interval: fc.option(interval, { nil: undefined }),
        time: fc.constantFrom<TimeColumn[]>("timestamp", "timestamp", "visit_start"),
      }),
      { freq: 3, nil: undefined },
    ),
  })
  .map(({ when, ...rest }) => ({
    ...rest,
    ...(when && { timeframe: when.timeframe, time: when.time, ...(when.interval && { interval: when.interval }) }),
  }));

export const extractionInput: fc.Arbitrary<Partial<ExtractionQuery>> = fc
  .record({ ...shared, latest: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }) })
  .map(({ latest, ...rest }) => ({ ...rest, ...(latest !== undefined && { latest }) }));
