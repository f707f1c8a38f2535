import type { OutcomesRow } from "../store/port.ts";
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
}

export interface AcceptedRow {
  readonly hour: number;
  readonly count: number;
}

export interface RefusedRow {
  readonly hour: number;
  readonly reason: string;
  readonly count: number;
}

export interface LedgerInput {
  /** Counted by ingest, with the act of queueing. */
  readonly accepted: readonly AcceptedRow[];
  /** Counted in the store. */
  readonly outcomes: readonly OutcomesRow[];
  /** Events in the dead-letter queue. */
  readonly dead: readonly AcceptedRow[];
  readonly refused: readonly RefusedRow[];
}

/** Joins both sides by hour, newest first. A negative `inFlight` means more ends than starts: an alarm, so it is kept as it is. */
export function balance(input: LedgerInput): LedgerHour[] {
  const hours = new Map<
    number,
    { accepted: number; ends: Record<"stored" | LedgerOutcome, number>; refused: Record<string, number> }
  >();
  const at = (hour: number) => {
    let entry = hours.get(hour);
    if (!entry) {
      entry = {
        accepted: 0,
        ends: { stored: 0, duplicate: 0, rejected: 0, dead: 0, deleted: 0, expired: 0 },
        refused: {},
      };
      hours.set(hour, entry);
    }
    return entry;
  };
  for (const row of input.accepted) at(row.hour).accepted += row.count;
  for (const row of input.outcomes) at(row.hour).ends[row.outcome] += row.count;
  for (const row of input.dead) at(row.hour).ends.dead += row.count;
  for (const row of input.refused) {
    const { refused } = at(row.hour);
    refused[row.reason] = (refused[row.reason] ?? 0) + row.count;
  }
  return [...hours]
    .sort(([a], [b]) => b - a)
    .map(([hour, { accepted, ends, refused }]) => {
      const ended = Object.values(ends).reduce((sum, n) => sum + n, 0);
      return { hour, accepted, ...ends, inFlight: accepted - ended, refused };
    });
}

export const HOUR_MS = 3_600_000;

/** Start of the UTC hour. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
