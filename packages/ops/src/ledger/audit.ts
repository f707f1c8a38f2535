import { HOUR_MS, sideBySide, type Clock, type LedgerHour, type Registry } from "@millrace/core";
import type { Ledger } from "./ledger.ts";

export interface AuditParts {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, "hours">;
  /** Every project there is, in an order that stays the same. */
  readonly projects: readonly string[];
  /** The instant before which nothing is on its way any more, milliseconds UTC. */
  readonly settledUntil: number;
  /** Called for each hour whose two sides meet, with their sum. Safe to repeat. */
  readonly settle?: (project: string, hour: number, accepted: number) => Promise<void>;
}

/** An hour of which the two sides do not meet although nothing of it is on its way. */
export interface Difference {
  readonly project: string;
  /** Start of the UTC hour, milliseconds. */
  readonly hour: number;
  /** Accepted less ended: above 0 events are missing, below 0 there are too many. */
  readonly inFlight: number;
}

export interface Audit {
  /** Start of the day that is being looked at, or was looked at last; milliseconds UTC. */
  readonly day: number;
  /** Every project of that day was looked at. */
  readonly complete: boolean;
  /** All that were found and still hold. */
  readonly differences: readonly Difference[];
}

interface State {
  readonly day: number;
  /** How many projects were looked at. */
  readonly next: number;
}

const STATE = { partition: "audit", sort: "day" };
const OPEN = "audit:open";
const DAY_MS = 24 * HOUR_MS;
/** After midnight: collectors finish what they hold, stores make it visible. */
const AFTER_MS = HOUR_MS;
const AT_A_TIME = 16;
/** A difference that nobody explained stays an alarm for two weeks. */
const KEEP_MS = 14 * DAY_MS;

/**
 * The next part of the daily look at the ledger: yesterday's hours of all projects, one day after the other, as far as the time goes;
 * the next call goes on from there. What does not meet is remembered, and looked at again in every call until it does.
 * @param deadline milliseconds UTC, after which no further project is begun
 */
export async function audit(parts: AuditParts, deadline: number): Promise<Audit> {
  const { registry, clock, projects, settledUntil } = parts;
  const now = clock.now();
  const yesterday = Math.floor(now / DAY_MS) * DAY_MS - DAY_MS;
  const known = (await registry.get<State>(STATE))?.value;
  let state: State = known ?? { day: yesterday, next: 0 };
  // A day after the other, so that one on which there was no time is made up for.
  if (state.next >= projects.length && state.day < yesterday) state = { day: state.day + DAY_MS, next: 0 };

  await lookAgain(parts);
  const end = state.day + DAY_MS;
  if (settledUntil >= end && now >= end + AFTER_MS) {
    while (state.next < projects.length && clock.now() < deadline) {
      const some = projects.slice(state.next, state.next + AT_A_TIME);
      await sideBySide(some, AT_A_TIME, (project) => look(parts, project, state.day, end));
      state = { ...state, next: state.next + some.length };
    }
    await registry.put<State>(STATE, state);
  }
  const open = await registry.list<Difference>(OPEN);
  return { day: state.day, complete: state.next >= projects.length, differences: open.map(({ value }) => value) };
}

async function look(parts: AuditParts, project: string, from: number, to: number): Promise<void> {
  for (const hour of await parts.ledger.hours(project, from, to, { isHouse: true })) await judge(parts, project, hour);
}

async function lookAgain(parts: AuditParts): Promise<void> {
  const open = await parts.registry.list<Difference>(OPEN);
  await sideBySide(open, AT_A_TIME, async ({ key, value: { project, hour } }) => {
    const [now] = await parts.ledger.hours(project, hour, hour + HOUR_MS, { isHouse: true });
    if (now === undefined || now.inFlight === 0) await parts.registry.delete(key);
    if (now !== undefined) await judge(parts, project, now);
  });
}

async function judge({ registry, settle }: AuditParts, project: string, at: LedgerHour): Promise<void> {
  const { hour, accepted, inFlight } = at;
  if (inFlight === 0) {
    if (accepted > 0) await settle?.(project, hour, accepted);
    return;
  }
  const difference = { project, hour, inFlight };
  // By the hour's own time: looking again does not make it younger.
  await registry.put<Difference>({ partition: OPEN, sort: `${project}#${hour}` }, difference, {
    expiresAt: hour + KEEP_MS,
  });
}
