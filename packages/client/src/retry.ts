import { MillraceClientError } from "./error.ts";

/** Attempts in all. With the waits below the last one begins at most 15 s after the first, unless the server asks for longer. */
const ATTEMPTS = 6;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** A server that wants more than this is not waited for: the caller hears of it and decides. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Does `work` again after failures that may pass (429, 5xx, no answer): each wait is up to twice the one before, by chance, so that
 * clients that failed together do not come back together; `Retry-After` is the least. Only for work that may be done twice.
 * @param signal ends a wait at once
 * @throws MillraceClientError of the last attempt; the signal's reason when it is aborted
 */
export async function withRetries<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      if (attempt === ATTEMPTS || !(thrown instanceof MillraceClientError) || !thrown.retry) throw thrown;
      const asked = (thrown.retryAfterSeconds ?? 0) * 1000;
      if (asked > LONGEST_RETRY_AFTER_MS) throw thrown;
      const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
      await wait(asked + longest * Math.random(), signal);
    }
  }
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
