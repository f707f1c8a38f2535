/**
 * Why a request got no answer of a project's: nobody had read yet whose it was, so it stands in no project's part of the ledger.
 * - `unknown_project`: refused by us; its project or its key leads to none
 * - `malformed`: one machine: what came is no HTTP, or its head is too long
 * - `firewall`: AWS: stopped at CloudFront, asked to come later
 * - `gateway`: AWS: refused by the API gateway, whose throttle is over all projects, or cut off there
 * - `throttled`: AWS: Lambda had no room for the function
 * - `failed`: AWS: the function died, or its time was over
 */
export type TurnedAwayReason = "unknown_project" | "malformed" | "firewall" | "gateway" | "throttled" | "failed";

/** Requests, not events: a body that nobody read was not counted. */
export interface TurnedAwayRow {
  /** Start of the UTC hour, milliseconds. */
  readonly hour: number;
  readonly reason: TurnedAwayReason;
  readonly count: number;
}

/** One hour of the whole stage. */
export interface TurnedAwayHour {
  readonly hour: number;
  readonly counts: Readonly<Partial<Record<TurnedAwayReason, number>>>;
}

/** Joins rows by hour, newest first; hours without any are left out. */
export function turnedAwayHours(rows: readonly TurnedAwayRow[]): TurnedAwayHour[] {
  const hours = new Map<number, Partial<Record<TurnedAwayReason, number>>>();
  for (const { hour, reason, count } of rows) {
    if (count <= 0) continue;
    const counts = hours.get(hour) ?? {};
    counts[reason] = (counts[reason] ?? 0) + count;
    hours.set(hour, counts);
  }
  return [...hours].sort(([a], [b]) => b - a).map(([hour, counts]) => ({ hour, counts }));
}
