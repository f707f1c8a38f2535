import type { TimeColumn, TimeRange } from "@millrace/core";
import { touches, type Touched } from "./touched.ts";

/**
 * Which commits a reader may or may not see. What was counted at one moment is right at another one where no commit in between has
 * touched it; when exactly DuckDB begins to see a commit is not known, only that it is while the commit runs.
 */
export interface Commits {
  /** Runs what writes, from its beginning to behind its COMMIT. */
  during<T>(touched: Touched, write: () => Promise<T>): Promise<T>;
  /** A reader is about to look. */
  look(): Look;
}

/** One reader's moment: some time after `look` was called. */
export interface Look {
  /**
   * True when no commit that ended since then, and none that runs, has touched that part of the project: the reader sees of it what
   * everybody sees who has looked since then or looks now.
   */
  untouched(project: string, time: TimeColumn, range: TimeRange): boolean;
  /** The reader has looked. Not calling it keeps the memory of all later commits. */
  close(): void;
}

/** @param onTouch is told before a commit can be seen by anybody */
export function createCommits(onTouch: (touched: Touched) => void): Commits {
  let ended = 0;
  const running = new Set<Touched>();
  /** Commits that ended while somebody looked, the oldest first. */
  let past: { readonly at: number; readonly touched: Touched }[] = [];
  const looks = new Set<{ readonly since: number }>();
  const forget = (): void => {
    const oldest = Math.min(...[...looks].map(({ since }) => since));
    past = past.filter(({ at }) => at > oldest);
  };
  return {
    during: async (touched, write) => {
      onTouch(touched);
      running.add(touched);
      try {
        return await write();
      } finally {
        // Also when it failed: whether a COMMIT that failed was one is not asked.
        running.delete(touched);
        ended += 1;
        if (looks.size > 0) past.push({ at: ended, touched });
      }
    },
    look: () => {
      const look = { since: ended };
      looks.add(look);
      return {
        untouched: (project, time, range) =>
          ![...running].some((touched) => touches(touched, project, time, range)) &&
          !past.some(({ at, touched }) => at > look.since && touches(touched, project, time, range)),
        close: () => {
          looks.delete(look);
          forget();
        },
      };
    },
  };
}
