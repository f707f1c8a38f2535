import type { BotsMode, FieldName, Json } from "@millrace/core";

/** A property by dotted path, or a standard field; the standard ones are offered by the editor. */
export type Property = FieldName | (string & Record<never, never>);

/** One comparison, or a node over others. */
export type Filter =
  | { readonly property_name: Property; readonly operator: Operator; readonly property_value: Json }
  | { readonly operator: "or" | "and" | "not"; readonly operands: readonly Filter[] };

export type Operator =
  "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "exists" | "in" | "contains" | "not_contains" | "regex";

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

/** Keen's funnel: how many did the first step, how many of them the next one too, in whatever order they did them. */
export interface FunnelParameters {
  readonly steps: readonly [FirstStep, ...FunnelStep[]];
  /** For steps that have none of their own. Default: all time. */
  readonly timeframe?: TimeframeParameter;
  readonly timezone?: string | number;
  readonly bots?: BotsMode;
  readonly max_age?: number;
  readonly include_metadata?: boolean;
}

/** What every analysis but extraction takes. */
export interface GroupedParameters extends CommonParameters {
  /** What timeframe and interval are about. `$visit.start`: events count where their visit began. Default `keen.timestamp`. */
  readonly time_property?: "keen.timestamp" | "$visit.start";
  /** `daily`, `every_2_hours`, …; needs a timeframe. */
  readonly interval?: string;
  readonly group_by?: Property | readonly Property[];
  readonly order_by?: string | Order | readonly (string | Order)[];
  readonly limit?: number;
  /** False leaves empty groups out of the buckets. Default true. */
  readonly zero_fill?: boolean;
  /** Seconds the answer may be old, when somebody else asked the same. Default 0. */
  readonly max_age?: number;
}

interface Target {
  readonly target_property: Property;
}

interface Percentile extends Target {
  /** 0 to 100, at most two decimals. */
  readonly percentile: number;
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
  standard_deviation: Target;
  select_unique: Target;
}
export type MeasureName = keyof MeasureParameters;

/** One entry of a multi_analysis, optionally over fewer events. */
export type AnalysisEntry = {
  [M in MeasureName]: { readonly analysis_type: M; readonly filters?: readonly Filter[] } & MeasureParameters[M];
}[MeasureName];

/** The parameters of each analysis. */
export type Parameters = {
  [M in MeasureName]: GroupedParameters & MeasureParameters[M];
} & {
  multi_analysis: GroupedParameters & { readonly analyses: Readonly<Record<string, AnalysisEntry>> };
  funnel: FunnelParameters;
  extraction: CommonParameters & { readonly latest?: number; readonly property_names?: Property | readonly Property[] };
};
export type AnalysisName = keyof Parameters;
