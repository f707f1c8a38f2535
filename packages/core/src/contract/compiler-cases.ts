import type { MetricPlan } from "../query/plan.ts";
import type { Grid } from "../query/group.ts";
import type { Interval } from "../time/interval.ts";
import { FILTER_TABLE, STANDARD_TABLE } from "./filter-cases.ts";
import { metricPlan, not, type MetricInput } from "./fixtures.ts";
import { MEASURE_TABLE } from "./measure-cases.ts";

/** What a store's compiler makes of this plan is kept beside the store, reviewed by people, and compared in its tests. */
export interface CompilerCase {
  /** Unique, and the same as in the contract suite, which says what the answer must be. */
  readonly name: string;
  readonly plan: MetricPlan;
}

const DAYS = { kind: "absolute", start: Date.UTC(2026, 2, 9), end: Date.UTC(2026, 2, 12) } as const;
const DAY: Interval = { kind: "calendar", unit: "day" };
/** A tenth, from five hundredths on. */
const TENTHS: Grid = { size: 0.1, offset: 0.05, sizeUnits: 10, offsetUnits: 5, unitsPerOne: 100 };
const TENS: Grid = { size: 10, offset: 20, sizeUnits: 10, offsetUnits: 20, unitsPerOne: 1 };
const byTens = { kind: "buckets", field: "price", name: "tens", grid: TENS } as const;
const byRanges = { kind: "ranges", field: "$engaged_ms", name: "r", ranges: [{ to: 1 }, { from: 1, to: 5 }] } as const;
const PLACES: readonly [name: string, input: MetricInput][] = [
  ["in a timeframe", { timeframe: DAYS }],
  ["in intervals", { timeframe: DAYS, interval: DAY }],
  ["grouped by a property", { groupBy: ["price"] }],
  ["grouped by a text field, a time and a list", { groupBy: ["$geo.country", "keen.timestamp", "$bot.reasons"] }],
  ["grouped by buckets", { groupBy: [{ kind: "buckets", field: "price", name: "price", grid: TENTHS }] }],
  ["grouped by buckets of ten", { groupBy: [byTens] }],
  ["grouped by ranges", { groupBy: [byRanges] }],
  ["grouped by ranges in intervals", { groupBy: [byRanges], timeframe: DAYS, interval: DAY }],
  ["grouped by buckets of ten and ranges", { groupBy: [byTens, byRanges] }],
  ["grouped in intervals", { timeframe: DAYS, interval: DAY, groupBy: ["price"] }],
  ["of several collections, without bots", { collections: ["visits", "clicks"], bots: "exclude" }],
];

/** Every filter and measure of the contract suite's tables, and every place a measure can stand in. */
export const COMPILER_CASES: readonly CompilerCase[] = [
  ...[...FILTER_TABLE, ...STANDARD_TABLE].flatMap(([name, filter]) => [
    { name: `filter: ${name}`, plan: metricPlan("p", { filter }) },
    { name: `filter: not: ${name}`, plan: metricPlan("p", { filter: not(filter) }) },
  ]),
  ...MEASURE_TABLE.map(([name, measure, , filter]) => ({
    name: `measure: ${name}`,
    plan: metricPlan("p", { measures: [filter ? { label: "m", measure, filter } : measure] }),
  })),
  ...PLACES.map(([name, input]) => ({ name: `count ${name}`, plan: metricPlan("p", input) })),
];
