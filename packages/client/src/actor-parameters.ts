import type { BotsMode } from "@millrace/core";
import type { CommonParameters, Filter, Property, TimeframeParameter } from "./common-parameters.ts";

// Questions about actors: what somebody did, in which order, and whether they came back.

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
