import fc from "fast-check";
import type { Filter } from "../../query/filter.ts";
import { gridOf, type GroupKey } from "../../query/group.ts";
import type { ExtractionQuery, Measure, TimeColumn } from "../../query/query.ts";
import type { CalendarUnit, Zone } from "../../time/zone.ts";
import type { Interval } from "../../time/interval.ts";
import type { MetricInput } from "../fixtures.ts";
import { filter } from "./filters.ts";
import { HOUR, keyField, numericField, timestamp } from "./vocabulary.ts";

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
