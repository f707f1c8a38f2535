import { MillraceError } from "@millrace/core";
import { setTimeout as delay } from "node:timers/promises";

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html; the low byte of an extended code is the primary one. */
const BUSY = 5;
/** Longest wait for somebody else's write lock, milliseconds. */
const PATIENCE_MS = 5_000;
const FIRST_MS = 2;
const LONGEST_MS = 50;

/**
 * Runs synchronous work on a SQLite file, again and again while another connection holds its write lock. It waits in the event
 * loop: SQLite's own `busy_timeout` would hold up every request of the process, those that need nothing of the file included.
 * @throws MillraceError `ServiceUnavailable` when the lock is not free in time; whatever else `work` throws
 */
export async function whenFree<T>(work: () => T, patienceMs = PATIENCE_MS): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_MS)) {
    try {
      return work();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      if (performance.now() >= until) {
        const message = "Another program holds the registry's write lock. The request can be retried.";
        throw new MillraceError("ServiceUnavailable", message, { cause });
      }
    }
    await delay(pauseMs);
  }
}

/** Somebody else holds the lock of the file. */
export function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && "errcode" in thrown && (Number(thrown.errcode) & 0xff) === BUSY;
}
