import type { Timeframe } from "../time/timeframe.ts";
import type { Zone } from "../time/zone.ts";
import type { Filter } from "./filter.ts";

/** The events that a question, or one part of it, is about. */
export interface EventSet {
  /** One or more event collections. */
  readonly collections: readonly string[];
  /** Absent: all time. */
  readonly timeframe?: Timeframe;
  /** The instant of an event that timeframe and buckets are about. Absent: when it happened. */
  readonly time?: TimeColumn;
  readonly zone: Zone;
  readonly filter: Filter<string>;
  readonly bots: BotsMode;
}

/**
 * The columns that a timeframe may be about. By the start of its visit an event counts where that began, so that whole visits are
 * compared: the pages and the time of a bucket are those of the visits begun in it, whenever they came.
 */
export type TimeColumn = "timestamp" | "visit_start";

/** Events are labelled, not dropped. Keen-style queries count everything unless told otherwise. */
export type BotsMode = "include" | "exclude" | "only";
