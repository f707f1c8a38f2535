import type { Interval } from "../time/interval.ts";
import type { Timeframe } from "../time/timeframe.ts";
import type { EventSet } from "./event-set.ts";
import type { Filter } from "./filter.ts";
import type { FunnelQuery } from "./funnel/query.ts";
import type { OrderedFunnelQuery } from "./ordered-funnel/query.ts";
import type { PathsQuery } from "./paths/query.ts";
import type { RetentionQuery } from "./retention/query.ts";
import type { GroupKey } from "./group.ts";

/**
 * A question as data, with properties still by name. Made by the API's parser or by code; a store never sees it: it is
 * scoped (scope.ts), then planned (plan.ts).
 */
export type Query = MetricQuery | ExtractionQuery | FunnelQuery | OrderedFunnelQuery | RetentionQuery | PathsQuery;

export type { BotsMode, EventSet, TimeColumn } from "./event-set.ts";

export interface MetricQuery extends EventSet {
  readonly kind: "metric";
  /** In the order asked. `single`: the answer is the bare value; else (multi_analysis) an object by label. */
  readonly measures: readonly LabelledMeasure<string>[];
  readonly single: boolean;
  readonly interval?: Interval;
  readonly groupBy: readonly GroupKey<string>[];
  readonly orderBy: readonly Order[];
  readonly limit?: number;
  /** With a limit: what the row is called that stands for all groups that are cut off. Absent: there is none. */
  readonly other?: string;
  readonly compareTo?: CompareTo;
  /** False: leave out groups of interval buckets that have nothing (Keen's zero_fill). */
  readonly zeroFill: boolean;
}

/** What a question is compared with: the time before its timeframe, the same time a year before, or any other. */
export type CompareTo =
  | { readonly kind: "previous_period" }
  | { readonly kind: "previous_year" }
  | { readonly kind: "timeframe"; readonly timeframe: Timeframe };

export interface ExtractionQuery extends EventSet {
  readonly kind: "extraction";
  /** Newest N first; absent: all, oldest first. */
  readonly latest?: number;
  /** Only these paths; absent: whole events. */
  readonly propertyNames?: readonly string[];
  /** Whole events with what we found out about them (`$page`, `$visit`, …). Absent: as Keen has them, to be recorded again. */
  readonly standardFields?: boolean;
}

export interface LabelledMeasure<F> {
  readonly label: string;
  readonly measure: Measure<F>;
  /** Only events that pass; an addition of ours to Keen's multi_analysis. */
  readonly filter?: Filter<F>;
}

/** What is computed over the events of one cell. Numbers only count where the value is a number; others are ignored. */
export type Measure<F> =
  | { readonly kind: "count" }
  | { readonly kind: "count_unique"; readonly field: F }
  | { readonly kind: "select_unique"; readonly field: F }
  | { readonly kind: "sum"; readonly field: F }
  | { readonly kind: "average"; readonly field: F }
  | { readonly kind: "minimum"; readonly field: F }
  | { readonly kind: "maximum"; readonly field: F }
  | { readonly kind: "standard_deviation"; readonly field: F }
  /** Nearest rank; `percentile` is 0 to 100 with two decimals. The median is percentile 50. */
  | { readonly kind: "percentile"; readonly field: F; readonly percentile: number }
  /** Several of them at once: the numbers are gathered and sorted only once. Their values are a list in the order asked. */
  | { readonly kind: "percentiles"; readonly field: F; readonly percentiles: readonly number[] };

export type MeasureKind = Measure<unknown>["kind"];
export type MeasureVisitor<F, Out> = { [K in MeasureKind]: (measure: Extract<Measure<F>, { kind: K }>) => Out };

export function visitMeasure<F, Out>(visitor: MeasureVisitor<F, Out>, measure: Measure<F>): Out {
  return (visitor[measure.kind] as (m: Measure<F>) => Out)(measure);
}

export interface Order {
  /** A group_by property, or a measure's label (`result` for a single one). */
  readonly by: string;
  readonly direction: "asc" | "desc";
}

/**
 * The rank (1-based) of the nearest-rank percentile among `count` sorted values. Integers only, so that both stores and this
 * agree: 0.07 * 100 is not 7 in doubles.
 */
export function nearestRank(percentile: number, count: number): number {
  return Math.max(1, Math.ceil((Math.round(percentile * 100) * count) / 10_000));
}
