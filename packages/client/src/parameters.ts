import type { FunnelParameters, PathsParameters, RetentionParameters } from "./actor-parameters.ts";
import type { Property, Filter, TimeframeParameter, CommonParameters } from "./common-parameters.ts";

export interface Order {
  /** A property of `group_by`, `result`, or a label of a multi_analysis. */
  readonly property_name: string;
  /** Default ASC. */
  readonly direction?: "ASC" | "DESC";
}

/** What the ledger takes. */
export interface LedgerParameters {
  /** Default: the last 24 hours. */
  readonly timeframe?: TimeframeParameter;
  readonly timezone?: string | number;
}

/** A key of groups: a property, or its numbers put into buckets or ranges. */
export type GroupKey = Property | BucketsKey | RangesKey;

interface BinsKey {
  readonly property_name: Property;
  /** The key's name in the rows. Default: that of the property. */
  readonly alias?: string;
}

export interface BucketsKey extends BinsKey {
  readonly buckets: { readonly size: number; readonly offset?: number };
  readonly ranges?: never;
}

export interface RangesKey extends BinsKey {
  /** No two may overlap. */
  readonly ranges: readonly NumberRange[];
  readonly buckets?: never;
}

/** From `from` (inclusive) to `to` (exclusive); one of them may be left out. */
export interface NumberRange {
  readonly from?: number;
  readonly to?: number;
  /** Its name in the rows. Default: its limits. */
  readonly alias?: string;
}

/** The time that a question is compared with. */
export type CompareTo = "previous_period" | "previous_year" | { readonly start: string; readonly end: string };

/** What needs a timeframe is only possible with one. */
type TimeParameters =
  | {
      readonly timeframe?: undefined;
      readonly interval?: undefined;
      readonly compare_to?: undefined;
      readonly time_property?: undefined;
    }
  | {
      readonly timeframe: TimeframeParameter;
      /** `daily`, `every_2_hours`, … */
      readonly interval?: string | undefined;
      /** The same question about another time, in `comparison` beside the result. */
      readonly compare_to?: CompareTo | undefined;
      /** What timeframe and interval are about. `$visit.start`: events count where their visit began. Default `keen.timestamp`. */
      readonly time_property?: "keen.timestamp" | "$visit.start" | undefined;
    };

type OrderBy = string | Order | readonly (string | Order)[];

/** An order needs groups, a limit needs an order, and only a limit leaves others out. */
type RowParameters =
  | {
      readonly group_by?: undefined;
      readonly order_by?: undefined;
      readonly limit?: undefined;
      readonly other?: undefined;
    }
  | {
      readonly group_by: GroupKey | readonly GroupKey[];
      readonly order_by?: OrderBy | undefined;
      readonly limit?: undefined;
      readonly other?: undefined;
    }
  | {
      readonly group_by: GroupKey | readonly GroupKey[];
      readonly order_by: OrderBy;
      readonly limit: number;
      /** What the row is called that stands for all groups beyond the limit. Absent: there is none. */
      readonly other?: string | undefined;
    };

/** What every analysis takes that computes values. */
export type GroupedParameters = Omit<CommonParameters, "timeframe"> &
  TimeParameters &
  RowParameters & {
    /** False leaves empty groups out of the buckets. Default true. */
    readonly zero_fill?: boolean;
    /** Seconds the answer may be old, when somebody else asked the same. Default 0. */
    readonly max_age?: number;
  };

interface Target {
  readonly target_property: Property;
}

interface Percentile extends Target {
  /** 0 to 100, at most two decimals. */
  readonly percentile: number;
}

interface Percentiles extends Target {
  /** Each 0 to 100, at most two decimals; at most 20. */
  readonly percentiles: readonly number[];
}

/** The analyses that compute one value, with what each needs of its own. */
export interface MeasureParameters {
  count: object;
  count_unique: Target;
  sum: Target;
  average: Target;
  minimum: Target;
  maximum: Target;
  median: Target;
  percentile: Percentile;
  percentiles: Percentiles;
  standard_deviation: Target;
  select_unique: Target;
}
export type MeasureName = keyof MeasureParameters;

/** One entry of a multi_analysis, optionally over fewer events. */
export type AnalysisEntry = {
  [M in MeasureName]: { readonly analysis_type: M; readonly filters?: readonly Filter[] } & MeasureParameters[M];
}[MeasureName];

export interface ExtractionParameters extends CommonParameters {
  /** So many of the newest, newest first. Default: all, oldest first. */
  readonly latest?: number;
  /** Only these. Default: whole events, as they can be recorded again. */
  readonly property_names?: Property | readonly Property[];
  /** Whole events with the standard fields (`$page`, `$visit`, …). Default false. */
  readonly standard_fields?: boolean;
}

/** The forms an extraction can be downloaded in. */
export type DownloadForm = "text/csv" | "application/vnd.apache.parquet";

/** The parameters of each analysis. */
export type Parameters = {
  [M in MeasureName]: GroupedParameters & MeasureParameters[M];
} & {
  multi_analysis: GroupedParameters & { readonly analyses: Readonly<Record<string, AnalysisEntry>> };
  funnel: FunnelParameters;
  retention: RetentionParameters;
  paths: PathsParameters;
  extraction: ExtractionParameters;
};
export type AnalysisName = keyof Parameters;

/** A question with its analysis, as a batch and a saved query hold it. */
export type Question = { [A in AnalysisName]: { readonly analysis_type: A } & Parameters[A] }[AnalysisName];
