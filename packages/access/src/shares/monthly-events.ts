import { HOUR_MS, hourOf, MillraceError, type AcceptedRow, type Clock, type Registry } from "@millrace/core";
import { LRUCache } from "lru-cache";
import type { Project } from "../projects/project.ts";

/** How many events each project has recorded of those it may in a month. */
export interface MonthlyEvents {
  /**
   * Events that were accepted since the calendar month began (UTC), as the ledger counts them; what came in the last ten seconds may be missing.
   */
  used(project: string): Promise<number>;
  /**
   * True when the project has used up its month and goes on recording, as it chose.
   * @throws MillraceError `RateLimitExceeded` when it has, and is to be refused. When to come again is an hour at most, since its owner may give it
   * more
   */
  isOver(project: Pick<Project, "id" | "eventsPerMonth" | "beyondQuota">): Promise<boolean>;
}

export interface MonthlyEventsOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Accepted events by hour of receipt, for hours that start in [from, to): one side of the ledger, counted with the act of queueing. */
  readonly accepted: (project: string, from: number, to: number) => Promise<readonly AcceptedRow[]>;
}

/** So long a count is believed. In that time a project may go beyond its quota by what it sends. */
const FRESH_MS = 10_000;
/** Hours before this are over: whoever counts writes its last total within seconds. */
const OVER_MS = 2 * HOUR_MS;
const MOST_WAIT_SECONDS = 3_600;
const MOST_PROJECTS = 10_000;

/** What all processes know of one project's month: events of the hours before `to`. */
interface Sum {
  readonly month: number;
  readonly to: number;
  readonly events: number;
}

/**
 * Quotas over all processes. The hours of a month that are over are summed up once, by whoever comes first, in one registry item; each
 * process then reads that and the last hours' counts every ten seconds, however much a project sends. Only projects with a quota cost that.
 * Counts that cannot be had refuse nobody: a quota is not worth an event.
 */
export function createMonthlyEvents({ registry, clock, accepted }: MonthlyEventsOptions): MonthlyEvents {
  const counts = new LRUCache<string, { readonly at: number; readonly events: Promise<number> }>({
    max: MOST_PROJECTS,
  });
  const sum = async (project: string, from: number, to: number) =>
    (await accepted(project, from, to)).reduce((total, { count }) => total + count, 0);

  async function count(project: string, now: number): Promise<number> {
    const month = monthStart(now, 0);
    const key = { partition: `rate:${project}`, sort: "month" };
    const item = await registry.get<Sum>(key);
    let known: Sum = item?.value.month === month ? item.value : { month, to: month, events: 0 };
    const over = hourOf(now - OVER_MS);
    if (known.to < over) {
      known = { month, to: over, events: known.events + (await sum(project, known.to, over)) };
      // Somebody else's is the same sum; and who may not keep it has counted all the same.
      const options = { if: item?.version ?? ("absent" as const), expiresAt: monthStart(now, 2) };
      await registry.put(key, known, options).catch(() => false);
    }
    return known.events + (await sum(project, known.to, now + 1));
  }

  function used(project: string): Promise<number> {
    const now = clock.now();
    const known = counts.get(project);
    if (known && now - known.at < FRESH_MS && monthStart(known.at, 0) === monthStart(now, 0)) return known.events;
    const events = count(project, now);
    counts.set(project, { at: now, events });
    return events;
  }

  return {
    used,
    async isOver({ id, eventsPerMonth: most, beyondQuota }) {
      if (most === undefined) return false;
      const events = await used(id).catch(() => 0);
      if (events < most) return false;
      if (beyondQuota === "record") return true;
      const now = clock.now();
      const next = monthStart(now, 1);
      throw new MillraceError(
        "RateLimitExceeded",
        `This project has recorded the ${most} events that it may in this month. It may again from ${new Date(next).toISOString()} on.`,
        { retryAfterSeconds: Math.min(MOST_WAIT_SECONDS, Math.ceil((next - now) / 1_000)) },
      );
    },
  };
}

/** When the month of a time begins (UTC), or one so many after it. */
function monthStart(ms: number, months: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
}
