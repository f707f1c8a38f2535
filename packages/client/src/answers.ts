import type {
  EmbedClaims,
  EmbedOperation,
  EmbedPanel,
  Json,
  LedgerHour,
  TurnedAwayReason,
  Value,
} from "@millrace/core";
import type { Filter, TimeframeParameter } from "./common-parameters.ts";
import type { AnalysisName, MeasureName } from "./parameters.ts";

/** An answer to a query. `meta` is there when it was asked for, and whenever there is something to say about the result. */
export interface Answer<Result> {
  readonly result: Result;
  readonly meta?: Meta;
  readonly execution_metadata?: {
    /** Seconds. */
    readonly total_processing_time: number;
    /** Of the collections and the timeframe, before any filter of the question. */
    readonly events_scanned: number;
    readonly properties_per_event: number;
    readonly total_properties_scanned: number;
  };
}

export interface Meta {
  /** False: an approximation; `notes` says of what and how good. */
  readonly exact: boolean;
  readonly notes: readonly string[];
  readonly timezone: string;
  /** Seconds since it was computed, where `max_age` let it be old. */
  readonly age?: number;
  /** Where metadata was asked for: the question as it was understood, and how many events it looked at. */
  readonly query?: { readonly [parameter: string]: Json };
  readonly events?: number;
  /** Milliseconds of the engine's time, where metadata was asked for. */
  readonly engine_ms?: number;
  /** The project's share of the engine's time, milliseconds. */
  readonly budget?: { readonly per_minute_ms: number; readonly left_ms: number };
}

/** The result of an analysis with these parameters, in the shape that interval and group_by give it. */
export type Result<A extends AnalysisName, P> = A extends MeasureName
  ? Shaped<P, MeasureValues[A], { readonly result: MeasureValues[A] }>
  : A extends "multi_analysis"
    ? Shaped<P, LabelledValues<P>, LabelledValues<P>>
    : A extends "funnel"
      ? EachStep<P, number>
      : A extends "retention"
        ? Bucket<Cohort>[]
        : A extends "paths"
          ? PathLink[]
          : ExtractedEvent[];

/** The answer to an analysis: its result, and what stands beside it. */
export type AnswerTo<A extends AnalysisName, P> = Answer<Result<A, P>> & Beside<A, P>;

type Beside<A extends AnalysisName, P> = A extends "funnel"
  ? FunnelBeside<P>
  : A extends "paths"
    ? { readonly sessions: number }
    : ComparisonBeside<P, Result<A, P>>;

/** Where `compare_to` is known to be asked, the answer about the other time is there. */
type ComparisonBeside<P, R> =
  Has<P, "compare_to"> extends true
    ? Lacks<P, "compare_to"> extends true
      ? { readonly comparison?: ComparisonAnswer<R> }
      : { readonly comparison: ComparisonAnswer<R> }
    : unknown;

/** The same question about another time: bucket beside bucket, row beside row. */
export interface ComparisonAnswer<R> {
  readonly timeframe: { readonly start: string; readonly end: string };
  readonly result: R;
}

export interface Cohort {
  /** Actors whose first event lies in the period. */
  readonly size: number;
  /** Of them those who came back: in that period, in the next, and so on. */
  readonly returned: readonly number[];
}

/** Sessions that went from one place to another, one step further away from where paths begin. */
export interface PathLink {
  readonly step: number;
  readonly from: PathPlace;
  readonly to: PathPlace;
  readonly result: number;
}

/** A value, one of those that are not named, or over. */
export type PathPlace = { readonly value: Value } | { readonly other: true } | { readonly ended: true };

/** Seconds from the step before, over those who got there. */
export interface TimeToConvert {
  readonly average: number;
  readonly median: number;
  readonly p90: number;
}

/** As many as there are steps, where that is known. */
type EachStep<P, T> = P extends { readonly steps: infer Steps extends readonly unknown[] } ? Each<Steps, T> : never;
type Each<Steps extends readonly unknown[], T> = { readonly [Step in keyof Steps]: T };

type FunnelBeside<P> = StepsBeside<P> & (P extends { readonly ordered: true } ? OrderedBeside<P> : KeenBeside<P>);

interface OrderedBeside<P> {
  /** Null for the first step, and for those where nobody got to. */
  readonly time_to_convert: EachStep<P, TimeToConvert | null>;
  /** With a breakdown: each value of the property, under its name. */
  readonly groups?: readonly ({
    readonly result: EachStep<P, number>;
    readonly time_to_convert: EachStep<P, TimeToConvert | null>;
  } & { readonly [property: string]: unknown })[];
}

interface StepsBeside<P> {
  /** The steps as they were asked, and what they did not say. */
  readonly steps: EachStep<P, FunnelStepAnswer>;
}

interface KeenBeside<P> {
  /** Where some step asked for them: the actors of each that did, null for the others. */
  readonly actors?: EachStep<P, readonly Value[] | null>;
}

export interface FunnelStepAnswer {
  readonly event_collection: string | readonly string[];
  readonly actor_property: string;
  readonly timeframe: TimeframeParameter | null;
  readonly timezone: string | number | null;
  readonly filters: readonly Filter[];
  readonly inverted: boolean;
  readonly optional: boolean;
  readonly with_actors: boolean;
}

/** The value of each analysis: null when there is nothing to compute it from. */
export interface MeasureValues {
  count: number;
  count_unique: number;
  sum: number;
  average: number | null;
  minimum: number | null;
  maximum: number | null;
  median: number | null;
  percentile: number | null;
  /** By percentile, as it was written: `{ "50": 12 }`. */
  percentiles: PercentileValues;
  standard_deviation: number | null;
  select_unique: Value[];
}

export type PercentileValues = Readonly<Record<string, number | null>>;

/** One event, nested, with `keen`; with `standard_fields` what else is known of it; with property_names only those. */
export type ExtractedEvent = { readonly [name: string]: Json };

export interface Bucket<V> {
  readonly value: V;
  /** Instants in UTC; end exclusive. */
  readonly timeframe: { readonly start: string; readonly end: string };
}

/** A row of a grouped answer: the group's properties by the names asked, and the row's values. */
export type Row<Values> = Values & { readonly [property: string]: Value | PercentileValues };

type LabelledValues<P> = P extends { readonly analyses: infer Entries }
  ? { readonly [Label in keyof Entries]: ValueOfEntry<Entries[Label]> }
  : never;

type ValueOfEntry<Entry> = Entry extends { readonly analysis_type: infer M extends MeasureName }
  ? MeasureValues[M]
  : never;

type Shaped<P, Plain, RowValues> =
  | (Lacks<P, "interval"> extends true ? Grouped<P, Plain, RowValues> : never)
  | (Has<P, "interval"> extends true ? Bucket<Grouped<P, Plain, RowValues>>[] : never);

type Grouped<P, Plain, RowValues> =
  (Lacks<P, "group_by"> extends true ? Plain : never) | (Has<P, "group_by"> extends true ? Row<RowValues>[] : never);

/** A parameter that may be undefined counts as both: the caller then gets both shapes to tell apart. */
type Has<P, K extends string> = K extends keyof P ? ([P[K]] extends [undefined] ? false : true) : false;
type Lacks<P, K extends string> = K extends keyof P ? (undefined extends P[K] ? true : false) : true;

/** What became of one event of {@link import("./client.ts").MillraceClient.recordAll}. */
export type Recorded =
  | { readonly success: true }
  | { readonly success: false; readonly error: { readonly name: string; readonly description: string } };

/** One hour of the ledger as it is sent: `hour` is the start of the UTC hour, ISO 8601. */
export type LedgerHourAnswer = Omit<LedgerHour, "hour" | "inFlight" | "withoutVisitor"> & {
  readonly hour: string;
  readonly in_flight: number;
  /** Of the accepted ones: the salt of their day was over when they came, so unique visitors do not count them. */
  readonly without_visitor: number;
};

/** The account of accepted events, newest hour first. */
export interface LedgerAnswer {
  readonly result: readonly LedgerHourAnswer[];
  /** True when every hour older than the oldest queued message accounts for all of its events. */
  readonly balanced: boolean;
  /** Requests of the whole stage that never came as far as a project, by UTC hour and reason; hours without any are left out. */
  readonly turned_away: readonly ({ readonly hour: string } & Readonly<Partial<Record<TurnedAwayReason, number>>>)[];
}

export interface VersionAnswer {
  /** Equal for equal events; otherwise it means nothing. */
  readonly version: string;
}

export interface ProjectAnswer {
  readonly id: string;
  readonly name: string;
  /** IANA zone. */
  readonly timezone: string;
  readonly url: string;
  readonly events_url: string;
  readonly queries_url: string;
  readonly events: readonly { readonly name: string; readonly url: string }[];
  /** Names of own properties that can be filtered and grouped by, and the collections where there was no room for one. */
  readonly property_quota: {
    readonly used: number;
    readonly limit: number;
    readonly full: boolean;
    readonly refused_in: readonly string[];
  };
}

/** What an embed token lets see, and how it is to look. */
export interface EmbedAnswer extends Pick<EmbedClaims, "window" | "theme" | "accent" | "locale"> {
  /** IANA zone. */
  readonly timezone: string;
  /** When the token ends, ISO 8601. */
  readonly expires_at: string;
  readonly panels: readonly EmbedPanel[];
  /** Those of the token's that have had an event. */
  readonly collections: readonly string[];
  /** Every property that a question may name. */
  readonly properties: readonly string[];
  readonly operations: readonly EmbedOperation[];
  /** The project's notes, where the token shows them. */
  readonly annotations?: readonly EmbedNote[];
}

/** A note as an embed's chart shows it. */
export interface EmbedNote {
  /** A date, or a wall time, in the project's zone. */
  readonly at: string;
  readonly text: string;
}

export interface CollectionAnswer {
  readonly name: string;
  readonly url: string;
  /** Type by dotted path. */
  readonly properties: Readonly<Record<string, "string" | "num" | "bool" | "datetime" | "array" | "geo" | "null">>;
}

/** What Keen's plans counted; nothing is limited here. */
export interface UsageAnswer {
  readonly cached_queries: {
    readonly limited: boolean;
    /** Null: there is none. */
    readonly limit: number | null;
    readonly current_usage: number;
  };
}
