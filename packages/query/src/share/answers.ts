import type { Clock, Json, Version } from "@millrace/core";
import { LRUCache } from "lru-cache";

/** An answer, and how old it is. */
export interface Shared<T> {
  readonly value: T;
  /** Milliseconds since it was computed; 0 when that was now, or when nothing has changed since. */
  readonly ageMs: number;
}

interface ShareOptions {
  /** The project's version now. Absent: unknown. */
  readonly version?: Version | undefined;
  /** Milliseconds an answer may be old although events came since. 0: none. */
  readonly maxAgeMs: number;
  /** Who waits for this answer; when all who do are gone the computation is stopped. */
  readonly signal: AbortSignal;
  /** Waits for no other's computation: who holds a turn of the store must not wait for one that needs a turn. */
  readonly alone?: boolean;
}

/**
 * Answers of a short time ago, shared by everybody who asks the same. A key must hold all that decides an answer, the project and
 * the forced filters of the caller's key first of all: this is where a wall between tenants would fall. Answers are equal to
 * fresh ones as long as the project's version is the same; older ones are given only to who said that they may be.
 */
export interface Answers {
  get<T>(key: string, options: ShareOptions, compute: (signal: AbortSignal) => Promise<T>): Promise<Shared<T>>;
}

export interface AnswersOptions {
  readonly clock: Clock;
  /** Of all answers together, in characters of their JSON. Default 32 million. */
  readonly maxBytes?: number;
}

/** Older answers are given to nobody, whatever they allow: retention and the catalogue change answers without a new version. */
const KEPT_MS = 60_000;

interface Kept {
  readonly value: unknown;
  readonly at: number;
  /** Undefined: computed while events were coming in. */
  readonly version: string | undefined;
}

interface Running {
  readonly answer: Promise<unknown>;
  readonly stop: AbortController;
  /** Of who began it. */
  readonly by: AbortSignal;
  waiting: number;
}

export function createAnswers({ clock, maxBytes = 32_000_000 }: AnswersOptions): Answers {
  const largest = Math.ceil(maxBytes / 8);
  const kept = new LRUCache<string, Kept>({ maxSize: maxBytes, maxEntrySize: largest });
  const running = new Map<string, Running>();

  const start = (
    key: string,
    version: string | undefined,
    by: AbortSignal,
    compute: (signal: AbortSignal) => Promise<unknown>,
  ): Running => {
    const stop = new AbortController();
    const at = clock.now();
    const answer = compute(stop.signal).then((value) => {
      kept.set(key, { value, at, version }, { size: key.length + sizeOf(value, largest) });
      return value;
    });
    return { answer, stop, by, waiting: 0 };
  };

  const get = async <T>(
    key: string,
    options: ShareOptions,
    compute: (s: AbortSignal) => Promise<T>,
  ): Promise<Shared<T>> => {
    const { version, maxAgeMs, signal, alone = false } = options;
    // Before anything is begun: a computation that nobody waits for would fail unseen, and end the process.
    signal.throwIfAborted();
    const known = version?.settled === true ? version.value : undefined;
    const found = kept.get(key);
    const age = found ? clock.now() - found.at : Infinity;
    if (found && age <= KEPT_MS) {
      if (known !== undefined && found.version === known) return { value: found.value as T, ageMs: 0 };
      if (maxAgeMs > 0 && age <= maxAgeMs) return { value: found.value as T, ageMs: age };
    }
    // Equal questions at the same moment: one computation. Where events are coming in only for those who need not have the newest.
    const place = known !== undefined ? `${known} ${key}` : maxAgeMs > 0 ? key : undefined;
    if (place === undefined || alone)
      return { value: await within(signal, start(key, known, signal, compute)), ageMs: 0 } as Shared<T>;
    let run = running.get(place);
    if (!run) {
      run = start(key, known, signal, compute);
      running.set(place, run);
      const ended = (): void => {
        if (running.get(place) === run) running.delete(place);
      };
      run.answer.then(ended, ended);
      run.stop.signal.addEventListener("abort", ended);
    }
    try {
      return { value: (await within(signal, run)) as T, ageMs: 0 };
    } catch (thrown) {
      // What fails because who began it went away is nobody else's failure: they ask themselves.
      if (!run.by.aborted || signal.aborted) throw thrown;
      return get(key, options, compute);
    }
  };
  return { get };
}

/** Waits for a computation as one of those who do. */
async function within(signal: AbortSignal, run: Running): Promise<unknown> {
  run.waiting += 1;
  let leave: (() => void) | undefined;
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([run.answer, gone]);
  } finally {
    if (leave) signal.removeEventListener("abort", leave);
    run.waiting -= 1;
    if (run.waiting === 0) run.stop.abort(signal.reason);
    run.answer.catch(() => undefined);
  }
}

/** About as many characters as its JSON has, without making it; what is more than `most` is counted no further. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === "string") return value.length + 3;
  if (typeof value !== "object" || value === null) return 8;
  let size = 2;
  const isList = Array.isArray(value);
  for (const name in value) {
    if (size > most) break;
    size += (isList ? 0 : name.length + 4) + sizeOf((value as Record<string, Json>)[name], most - size);
  }
  return size;
}
