import type { ArrivalsRow, OutcomesRow } from "../store/port.ts";
import type { LedgerOutcome } from "./exception.ts";

/** One hour of receipt in the ledger. `accepted` and the outcomes come from different places and must meet. */
export interface LedgerHour {
  /** Start of the hour, milliseconds UTC. */
  readonly hour: number;
  readonly accepted: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly dead: number;
  readonly deleted: number;
  readonly expired: number;
  /** Accepted and not yet anywhere; only hours with messages still queued may have any. */
  readonly inFlight: number;
  /** Told so at once, by reason; not part of the balance. */
  readonly refused: Readonly<Record<string, number>>;
  /** Given up by their senders before anybody had accepted them, as the senders told afterwards; not part of the balance. */
  readonly lost: number;
  /**
   * Accepted events of browsers that have no visitor, since the salt of their day was over or could not be had: a part of `accepted`,
   * and what unique visitors of these events' days do not count.
   */
  readonly withoutVisitor: number;
}

export interface AcceptedRow {
  readonly hour: number;
  readonly count: number;
}

/** Accepted events as one writer counted them. */
export interface StartsRow extends AcceptedRow {
  /**
   * The ingest instance whose running total this is, where it may have ended before it wrote its last one; absent where a count
   * cannot lag behind (the embedded queue's, which is part of the send) or is final.
   */
  readonly instance?: string;
}

/** The reason of events that a sender gave up before anybody had accepted them, and told about with a later request. */
export const LOST = "lost";

/** The reason of accepted events whose visitor nobody can tell any more. */
export const NO_VISITOR = "no_visitor";

/** Of what is counted beside the balance: refusals by their reason, {@link LOST} and {@link NO_VISITOR}. */
export interface RefusedRow {
  readonly hour: number;
  readonly reason: string;
  readonly count: number;
}

export interface LedgerInput {
  /** Counted by ingest, with the act of queueing. */
  readonly accepted: readonly StartsRow[];
  /** The running totals that arrived events carry, in any number of rows, for the hours that seem to have more ends than starts. */
  readonly arrivals?: readonly ArrivalsRow[];
  /** Counted in the store. */
  readonly outcomes: readonly OutcomesRow[];
  /** Events in the dead-letter queue. */
  readonly dead: readonly AcceptedRow[];
  readonly refused: readonly RefusedRow[];
}

interface Sums {
  accepted: number;
  ends: Record<"stored" | LedgerOutcome, number>;
  refused: Record<string, number>;
  lost: number;
  withoutVisitor: number;
}

/** Joins both sides by hour, newest first. A negative `inFlight` means more ends than starts: an alarm, so it is kept as it is. */
export function balance(input: LedgerInput): LedgerHour[] {
  const hours = new Map<number, Sums>();
  const at = (hour: number) => {
    let entry = hours.get(hour);
    if (!entry) {
      entry = {
        accepted: 0,
        ends: { stored: 0, duplicate: 0, rejected: 0, dead: 0, deleted: 0, expired: 0 },
        refused: {},
        lost: 0,
        withoutVisitor: 0,
      };
      hours.set(hour, entry);
    }
    return entry;
  };
  for (const row of input.accepted) at(row.hour).accepted += row.count;
  for (const row of input.outcomes) at(row.hour).ends[row.outcome] += row.count;
  for (const row of input.dead) at(row.hour).ends.dead += row.count;
  for (const row of input.refused) {
    const entry = at(row.hour);
    if (row.reason === LOST) entry.lost += row.count;
    else if (row.reason === NO_VISITOR) entry.withoutVisitor += row.count;
    else entry.refused[row.reason] = (entry.refused[row.reason] ?? 0) + row.count;
  }
  const told = startsTold(input);
  return [...hours]
    .sort(([a], [b]) => b - a)
    .map(([hour, { accepted: counted, ends, ...beside }]) => {
      const ended = Object.values(ends).reduce((sum, n) => sum + n, 0);
      // Only as far as there are ends: what an instance offered to the queue and the queue refused is in its totals as well.
      const accepted = Math.max(counted, Math.min(ended, told.get(hour) ?? counted));
      return { hour, accepted, ...ends, inFlight: accepted - ended, ...beside };
    });
}

/**
 * Starts by hour, each instance taken at the larger of two: the total it wrote, and the newest total found in its events. An instance
 * that is killed between the queue's yes and its own writing leaves the one behind; its events still carry the other.
 */
function startsTold({ accepted, arrivals = [] }: LedgerInput): ReadonlyMap<number, number> {
  const byHour = Map.groupBy(arrivals, ({ hour }) => hour);
  return new Map(
    [...byHour].flatMap(([hour, its]): [number, number][] => {
      const counted = accepted.filter((row) => row.hour === hour);
      const totals = new Map<string, number>();
      const atLeast = (instance: string, total: number) =>
        totals.set(instance, Math.max(total, totals.get(instance) ?? 0));
      for (const { instance, accepted: total } of its) atLeast(instance, total);
      for (const { instance, count } of counted) {
        // A count that cannot lag behind needs no help, and would hide an event stored twice.
        if (instance === undefined) return [];
        atLeast(instance, count);
      }
      return [[hour, [...totals.values()].reduce((sum, total) => sum + total, 0)]];
    }),
  );
}

export const HOUR_MS = 3_600_000;

/** Start of the UTC hour. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
