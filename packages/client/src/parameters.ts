import type { BotsMode, FieldName, Json } from "@millrace/core";

/** A property by dotted path, or a standard field; the standard ones are offered by the editor. */
export type Property = FieldName | (string & Record<never, never>);

/** One comparison, or a node over others. */
export type Filter = Comparison | { readonly operator: "or" | "and" | "not"; readonly operands: readonly Filter[] };

/** A property, an operator, and a value that the operator takes. */
export type Comparison = {
  [O in Operator]: { readonly property_name: Property; readonly operator: O; readonly property_value: OperandOf[O] };
}[Operator];

interface OperandOf {
  eq: Json;
  ne: Json;
  lt: string | number;
  lte: string | number;
  gt: string | number;
  gte: string | number;
  exists: boolean;
  in: readonly Json[];
  contains: string | number | boolean;
  not_contains: string | number | boolean;
  regex: string;
  within: GeoOperand;
}

export type Operator = keyof OperandOf;

/** A place, and how far from it. */
export interface GeoOperand {
  /** Longitude, latitude, in degrees. */
  readonly coordinates: readonly [longitude: number, latitude: number];
  readonly max_distance_miles: number;
}

/** `this_7_days`, `yesterday`, …, or start (inclusive) and end (exclusive) in ISO 8601. */
export type TimeframeParameter = string | { readonly start: string; readonly end: string };

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

/** What every analysis takes. */
export interface CommonParameters {
  readonly event_collection: string | readonly string[];
  /** Default: all time. */
  readonly timeframe?: TimeframeParameter;
  /** A zone name, or seconds east of UTC. Default UTC. */
  readonly timezone?: string | number;
  readonly filters?: readonly Filter[];
  /** Default include. */
  readonly bots?: BotsMode;
  readonly include_metadata?: boolean;
}

/** One step of a funnel; what it does not say itself it takes from the whole. */
export interface FunnelStep extends CommonStep {
  /** Keeps who did not do it. */
  readonly inverted?: boolean;
  /** Counted, but the steps behind it do not ask for it. */
  readonly optional?: boolean;
}

interface CommonStep extends Omit<CommonParameters, "include_metadata"> {
  /** Who did it. Steps may name it differently. */
  readonly actor_property: Property;
  /** The answer lists the actors of this step. */
  readonly with_actors?: boolean;
}

/** It says who is counted at all, so it is neither inverted nor optional. */
export interface FirstStep extends CommonStep {
  readonly inverted?: false;
  readonly optional?: false;
}

/** What a whole question about actors may say. */
interface ActorParameters {
  readonly timeframe?: TimeframeParameter;
  readonly timezone?: string | number;
  readonly bots?: BotsMode;
  readonly max_age?: number;
  readonly include_metadata?: boolean;
}

/** A step that is neither inverted, nor optional, nor lists its actors. */
interface OrderedStep extends Omit<CommonStep, "with_actors"> {
  readonly inverted?: false;
  readonly optional?: false;
  readonly with_actors?: false;
}

/** A funnel in order: each step comes after the one before it. */
export interface OrderedFunnelParameters extends ActorParameters {
  readonly ordered: true;
  readonly steps: readonly [OrderedStep, ...OrderedStep[]];
  /** `7_days`, `30_minutes`: from the first step to the last. Default: any time. */
  readonly window?: string;
  /** A property of the first step: the answer has a funnel for each of its values. */
  readonly breakdown?: Property;
}

/** Events of one side of a retention question. */
export interface RetentionSet {
  readonly event_collection: string | readonly string[];
  readonly filters?: readonly Filter[];
}

/** Who came back in which period after that of their first event. */
export interface RetentionParameters extends ActorParameters {
  readonly actor_property: Property;
  /** Its periods are the cohorts. */
  readonly timeframe: TimeframeParameter;
  readonly interval: "daily" | "weekly" | "monthly";
  readonly first: RetentionSet;
  /** What counts as coming back. Default: the same as first. */
  readonly returning?: RetentionSet;
  /** True: in that period or a later one. Default false: in that very period. */
  readonly unbounded?: boolean;
}

/** What sessions did next, or before. */
export interface PathsParameters extends CommonParameters {
  readonly step_property: Property;
  /** Default `$visit.id`. */
  readonly session_property?: Property;
  /** Default next. */
  readonly direction?: "next" | "previous";
  /** Where paths begin: at the first step of this value. Default: where sessions begin, or end for `previous`. */
  readonly anchor?: string | number | boolean;
  /** Steps behind the first, 1 to 10. Default 3. */
  readonly depth?: number;
  /** Values named at each step, 1 to 50. Default 10. */
  readonly values?: number;
  /** Default true: the same value several times in a row is one step. */
  readonly collapse_repeats?: boolean;
  readonly max_age?: number;
}

/** Keen's funnel: how many did the first step, how many of them the next one too, in whatever order they did them. */
export interface KeenFunnelParameters extends ActorParameters {
  readonly ordered?: false;
  readonly steps: readonly [FirstStep, ...FunnelStep[]];
}

/** A step takes timeframe, timezone and bots of the whole where it has none of its own. */
export type FunnelParameters = KeenFunnelParameters | OrderedFunnelParameters;

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
