import { MillraceError } from "../error.ts";

/**
 * How long each thing outside may take before it counts as down, milliseconds, repeats included. A dependency that accepts a
 * connection and says nothing is worse than one that refuses: without these it holds every request to the platform's own end, which
 * kills the process in the middle of its work. Each is many times what the thing needs on a bad day.
 */
export const TIME_BUDGETS = {
  /** Everything that is asked about a visit. A visit begun anew can be lived with, a slow answer cannot. */
  visits: 150,
  /** One request to the registry while somebody waits for an answer. */
  registry: 300,
  /** The same in a collector or a scheduled run: giving up there costs more than waiting. */
  registryInBackground: 3_000,
  /** The same until it has answered this process once: address, connection, certificate and code are all new then. */
  registryFirst: 2_000,
  /** One request to the queue, over what a receive waits by itself. */
  queue: 3_000,
  /** One try to write an object of some megabytes. */
  archive: 10_000,
  /** One question about AWS's own counts. */
  metrics: 5_000,
  /** One message to the chat. */
  chat: 10_000,
  /** One mail, from the connection to the server's word that it has it: servers look a sender up before they answer. */
  mail: 20_000,
  /** What the store leaves of an invocation's time: to report what became of the messages, or to tell the caller. */
  afterStore: 2_000,
} as const;

let factor = 1;

/** Makes every budget so many times as long, in this process: servers on a developer's machine are slower than AWS's. */
export function stretchTimeBudgets(by: number): void {
  factor = by;
}

/**
 * Runs one external call within its budget. The signal ends the call itself; whether it heeds the signal or not, this is over then.
 * @param what the dependency, as it stands at the beginning of a sentence
 * @throws MillraceError `ServiceUnavailable` when the time is over; it may have done what was asked
 */
export async function within<T>(budgetMs: number, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const mostMs = budgetMs * factor;
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = new MillraceError("ServiceUnavailable", `${what} gave no answer within ${mostMs} ms.`);
    // First, so that this is the error and not what the call makes of its signal.
    late.reject(reason);
    controller.abort(reason);
  }, mostMs);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Until when the store may work, milliseconds UTC, when `leftMs` are left of this invocation at `now`. */
export function storeDeadline(now: number, leftMs: number): number {
  return now + Math.max(0, leftMs - TIME_BUDGETS.afterStore);
}
