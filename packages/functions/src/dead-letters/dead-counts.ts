import { HOUR_MS, type AcceptedRow, type Registry } from "@millrace/core";
import type { LetterCount } from "./letter.ts";
import type { Sweep } from "./sweep.ts";

/** Events of dead letters by project and hour of receipt, as the ledger shows them. Kept in the registry between two sweeps. */
export interface DeadCounts {
  /** How many letters the last sweep found; undefined before the first one. */
  lastSeen(): Promise<number | undefined>;
  /** What a sweep found replaces what the last one did. An incomplete sweep takes no project's count away. */
  record(sweep: Sweep): Promise<void>;
  /** Notes a letter that leaves the queue for the archive: it stays dead in the ledger. Safe to repeat. */
  retire(id: string, count: LetterCount): Promise<void>;
  /** Events by hour, for hours that start in [from, to), milliseconds UTC. */
  read(project: string, from: number, to: number): Promise<AcceptedRow[]>;
}

/** Counts outlive the longest retention of events, and are then forgotten. */
const KEEP_MS = 400 * 24 * HOUR_MS;

const LAST_SWEEP = { partition: "dead", sort: "last-sweep" };
/** One item for each project that has letters in the queue. */
const IN_QUEUE = "dead:queue";
/** One item for each letter that has left it. */
const retiredOf = (project: string) => `dead:retired:${project}`;

export function createDeadCounts(registry: Registry): DeadCounts {
  return {
    lastSeen: async () => (await registry.get<{ letters: number }>(LAST_SWEEP))?.value.letters,
    async record({ letters, counts, complete }) {
      const byProject = Map.groupBy(
        counts.filter(({ project }) => project !== ""),
        ({ project }) => project,
      );
      for (const [project, its] of byProject) await registry.put({ partition: IN_QUEUE, sort: project }, byHour(its));
      if (complete) {
        const known = await registry.list(IN_QUEUE);
        for (const { key } of known) if (!byProject.has(key.sort)) await registry.delete(key);
      }
      await registry.put(LAST_SWEEP, { letters });
    },
    async retire(id, count) {
      if (count.project === "") return;
      const expiresAt = count.hour + KEEP_MS;
      await registry.put({ partition: retiredOf(count.project), sort: id }, count, { expiresAt });
    },
    async read(project, from, to) {
      const [queued, retired] = await Promise.all([
        registry.get<AcceptedRow[]>({ partition: IN_QUEUE, sort: project }),
        registry.list<LetterCount>(retiredOf(project)),
      ]);
      const rows = [
        ...(queued?.value ?? []),
        ...retired.map(({ value: { hour, events } }) => ({ hour, count: events })),
      ];
      return sums(rows).filter(({ hour }) => hour >= from && hour < to);
    },
  };
}

function byHour(counts: readonly LetterCount[]): AcceptedRow[] {
  return sums(counts.map(({ hour, events }) => ({ hour, count: events })));
}

/** One row for each hour, in their order. */
function sums(rows: readonly AcceptedRow[]): AcceptedRow[] {
  const counts = new Map<number, number>();
  for (const { hour, count } of rows) counts.set(hour, (counts.get(hour) ?? 0) + count);
  return [...counts].map(([hour, count]) => ({ hour, count })).sort((a, b) => a.hour - b.hour);
}
