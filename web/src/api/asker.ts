import type { AnswerOf, BatchEntry, MillraceClient } from "@millrace/client";

/** Puts questions to the API, those of one moment in one request. */
export interface Asker {
  /** @throws MillraceClientError of this question alone; the signal's reason when the reader moved on */
  ask<const Entry extends BatchEntry>(entry: Entry, signal: AbortSignal): Promise<AnswerOf<Entry>>;
  /** What was stored when the first request was answered, since the beginning or the last restart: the screen is as new as that. */
  firstVersion(): string | undefined;
  /** The screen is asked for anew; or it was filled, with what was stored at `version`. */
  restart(version?: string): void;
}

interface Waiting {
  readonly entry: BatchEntry;
  readonly signal: AbortSignal;
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** The server's limit. */
const MOST = 50;
/** Answers that another reader of the page got so many seconds ago are good enough: the next renewal comes later than that. */
const MAX_AGE = 5;

/** @param later runs its argument when the questions of this moment are all asked. Default: after what runs now */
export function createAsker(
  client: Pick<MillraceClient, "batch">,
  later: (flush: () => void) => void = (flush) => setTimeout(flush),
): Asker {
  let waiting: Waiting[] = [];
  let version: string | undefined;

  const send = async (asked: readonly Waiting[]): Promise<void> => {
    const queries = Object.fromEntries(asked.map(({ entry }, i) => [`q${i}`, entry]));
    try {
      const answer = await client.batch(queries, {
        maxAge: MAX_AGE,
        signal: whenAll(asked.map(({ signal }) => signal)),
      });
      version ??= answer.version;
      for (const [i, { resolve, reject }] of asked.entries()) {
        const outcome = answer.outcomes[`q${i}`];
        if (outcome?.ok) resolve(outcome.answer as never);
        else reject(outcome?.error);
      }
    } catch (thrown) {
      for (const { reject } of asked) reject(thrown);
    }
  };
  const flush = (): void => {
    const asked = waiting.filter(({ signal }) => !signal.aborted);
    waiting = [];
    for (let i = 0; i < asked.length; i += MOST) void send(asked.slice(i, i + MOST));
  };

  return {
    ask: (entry, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        if (waiting.length === 0) later(flush);
        waiting.push({ entry, signal, resolve, reject });
      }),
    firstVersion: () => version,
    restart: (given) => {
      version = given;
    },
  };
}

/** Fires when all of them have: a request goes on while one of its questions is still wanted. */
function whenAll(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const check = (): void => {
    if (signals.every(({ aborted }) => aborted)) controller.abort(signals[0]?.reason);
  };
  for (const signal of signals) signal.addEventListener("abort", check, { once: true });
  return controller.signal;
}
