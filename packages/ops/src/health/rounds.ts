import { sideBySide, type Clock, type Registry } from "@millrace/core";
import type { CheckName } from "./checks.ts";

/** What a look found at one project that is worth telling. */
export interface Finding {
  readonly id: string;
  /** The larger, the worse. */
  readonly value: number;
  /** In words. */
  readonly detail: string;
}

/** Looks that go from project to project. */
export interface Rounds {
  /**
   * Looks at as many projects as there is time for, and answers what is known of all: of those that were not reached this time, what was
   * found when they were. The next look goes on where this one ended.
   * @param look undefined: nothing to tell
   * @throws what a look throws; the round then begins there again
   */
  go<P extends { readonly id: string }>(
    check: CheckName,
    projects: readonly P[],
    look: (project: P) => Promise<Finding | undefined>,
  ): Promise<Finding[]>;
}

interface State {
  /** The project to begin with, or the first one behind it. */
  readonly next: string;
  /** Of the projects that were not reached in the last look. */
  readonly found: readonly Finding[];
}

const AT_ONCE = 8;
/** Of the two minutes that the function `health` has, beside the audit. With ten thousand projects a look may take longer than all of it. */
const LOOK_MS = 20_000;
/** Kept of those that were not reached: the worst, of which the check tells three. */
const MOST_KEPT = 100;

/** @param parts.lookMs what one look may take; a project that is begun is finished */
export function createRounds(parts: {
  readonly registry: Pick<Registry, "get" | "put">;
  readonly clock: Clock;
  readonly lookMs?: number;
}): Rounds {
  const { registry, clock, lookMs = LOOK_MS } = parts;
  return {
    async go(check, projects, look) {
      const key = { partition: "health", sort: `round:${check}` };
      const state = (await registry.get<State>(key))?.value;
      const deadline = clock.now() + lookMs;
      const looked = new Set<string>();
      const found: Finding[] = [];
      let next: string | undefined;
      await sideBySide(from(state?.next ?? "", projects), AT_ONCE, async (project) => {
        if (next !== undefined) return;
        if (clock.now() >= deadline) return void (next = project.id);
        looked.add(project.id);
        const finding = await look(project);
        if (finding) found.push(finding);
      });
      const there = new Set(projects.map(({ id }) => id));
      const before = (state?.found ?? []).filter(({ id }) => there.has(id) && !looked.has(id));
      const all = [...found, ...before].sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1));
      // Where one look reaches all there is nothing to remember.
      if (next !== undefined || state?.next) await registry.put<State>(key, keptOf(all, next));
      return all;
    },
  };
}

/** All of them, from that one on. */
function from<P extends { readonly id: string }>(next: string, projects: readonly P[]): P[] {
  const ordered = projects.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const start = Math.max(
    0,
    ordered.findIndex(({ id }) => id >= next),
  );
  return [...ordered.slice(start), ...ordered.slice(0, start)];
}

function keptOf(all: readonly Finding[], next: string | undefined): State {
  return next === undefined ? { next: "", found: [] } : { next, found: all.slice(0, MOST_KEPT) };
}
