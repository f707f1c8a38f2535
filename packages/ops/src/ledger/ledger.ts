import {
  balance,
  HOUR_MS,
  hourOf,
  turnedAwayHours,
  type AcceptedRow,
  type ArrivalsSource,
  type EventSource,
  type LedgerHour,
  type RefusedRow,
  type RunOptions,
  type StartsRow,
  type TurnedAwayHour,
  type TurnedAwayRow,
} from "@millrace/core";

type Read<Row> = (project: string, from: number, to: number) => Promise<readonly Row[]>;

/** Where the ledger's counts come from. Each is asked for whole UTC hours: start inclusive, end exclusive, milliseconds. */
export interface LedgerSources {
  /** The store's side: events stored, and exceptions. */
  readonly outcomes: EventSource["outcomes"];
  /** Ingest's side: counted with the act of queueing. */
  readonly accepted: Read<StartsRow>;
  /** The totals that stored events carry: asked only for hours that seem to have more ends than starts. */
  readonly arrivals?: ArrivalsSource["arrivals"];
  /** Events of dead letters, by the hour they were received in. */
  readonly dead: Read<AcceptedRow>;
  /** Events refused, of which the client was told at once. */
  readonly refused: Read<RefusedRow>;
  /** What never came as far as a project. Default: nobody counts it. */
  readonly turnedAway?: (from: number, to: number) => Promise<readonly TurnedAwayRow[]>;
}

export interface Ledger {
  /**
   * The hours of receipt that [from, to) touches, newest first. Both ends are widened to whole UTC hours: half an hour of
   * accepted events against a whole hour of stored ones would look like a loss.
   */
  hours(project: string, from: number, to: number, options?: RunOptions): Promise<LedgerHour[]>;
  /** What never came as far as a project, of the whole stage, by the same hours. */
  turnedAway(from: number, to: number): Promise<TurnedAwayHour[]>;
}

/**
 * The account of every event: two counts, kept in different places, that must meet. Ends are read before starts: an event
 * accepted and stored while the ledger is read then shows as in flight for a moment. The other way round it would make
 * `inFlight` negative, which is an alarm.
 */
export function createLedger(sources: LedgerSources): Ledger {
  return {
    async hours(project, from, to, options) {
      const [start, end] = wholeHours(from, to);
      if (end <= start) return [];
      const outcomes = await sources.outcomes({ project, from: start, to: end }, options);
      const dead = await sources.dead(project, start, end);
      const [accepted, refused] = await Promise.all([
        sources.accepted(project, start, end),
        sources.refused(project, start, end),
      ]);
      const counted = balance({ accepted, outcomes, dead, refused });
      const short = counted.filter(({ inFlight }) => inFlight < 0).map(({ hour }) => hour);
      if (short.length === 0 || !sources.arrivals) return counted;
      const span = { from: Math.min(...short), to: Math.max(...short) + HOUR_MS };
      const arrivals = await sources.arrivals({ project, ...span }, options);
      return balance({ accepted, outcomes, dead, refused, arrivals });
    },
    async turnedAway(from, to) {
      return turnedAwayHours((await sources.turnedAway?.(...wholeHours(from, to))) ?? []);
    },
  };
}

function wholeHours(from: number, to: number): [start: number, end: number] {
  return [hourOf(from), hourOf(to - 1) + HOUR_MS];
}
