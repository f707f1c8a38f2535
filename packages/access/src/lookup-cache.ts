import { MillraceError, type Clock } from "@millrace/core";
import { createBoundedCache } from "./bounded-cache.ts";

export interface LookupCacheOptions<T> {
  readonly clock: Clock;
  /** How long an answer is used without asking again. */
  readonly freshMs: number;
  /** How long an old answer is used when asking fails. */
  readonly staleMs: number;
  /**
   * What the answers of each sort, found and not found, may take of the memory. Bytes and no number: keys that senders make up have any length.
   */
  readonly maxBytes: number;
  /** What an answer takes beyond {@link ANSWER_BYTES}. Default: nothing. */
  readonly bytesOf?: (value: T) => number;
}

/** Answers of the registry, for a short time, "there is none" included. */
export interface LookupCache<T> {
  /**
   * The answer for `key`, from the cache or from `load`; callers that ask for the same key at the same time share one load.
   * @param mayServeStale decides whether this old answer may be used when `load` fails
   * @throws MillraceError `ServiceUnavailable` when `load` fails and no old answer may be used: fail closed
   */
  find(key: string, load: () => Promise<T | undefined>, mayServeStale: (old: T) => boolean): Promise<T | undefined>;
  clear(): void;
}

interface Entry<T> {
  readonly value: T | undefined;
  readonly loadedAt: number;
}

/** About what a project or a key takes. */
const ANSWER_BYTES = 500;

/** After a failed load an old answer that may be used is used at once: a registry that hangs must not hold up every request. */
const SPARE_MS = 1_000;

export function createLookupCache<T>({
  clock,
  freshMs,
  staleMs,
  maxBytes,
  bytesOf: more = () => 0,
}: LookupCacheOptions<T>): LookupCache<T> {
  const bounds = {
    maxBytes,
    bytesOf: ({ value }: Entry<T>, key: string) =>
      ANSWER_BYTES + 2 * key.length + (value === undefined ? 0 : more(value)),
  };
  const found = createBoundedCache<Entry<T>>(bounds);
  // Apart, so that a flood of made-up keys pushes out other made-up keys and no real one.
  const notFound = createBoundedCache<Entry<T>>(bounds);
  const loading = new Map<string, Promise<Entry<T>>>();
  let failedAt = -Infinity;

  function keep(key: string, entry: Entry<T>): void {
    const [into, outOf] = entry.value === undefined ? [notFound, found] : [found, notFound];
    into.set(key, entry);
    outOf.delete(key);
  }

  function startLoad(key: string, load: () => Promise<T | undefined>): Promise<Entry<T>> {
    const loadedAt = clock.now();
    const started = load()
      .then((value) => {
        const entry = { value, loadedAt };
        // After a clear() this load may have read what was just changed: its answer is used once and not kept.
        if (loading.get(key) === started) keep(key, entry);
        return entry;
      })
      .finally(() => {
        if (loading.get(key) === started) loading.delete(key);
      });
    loading.set(key, started);
    return started;
  }

  return {
    async find(key, load, mayServeStale) {
      const known = found.get(key) ?? notFound.get(key);
      const age = known ? clock.now() - known.loadedAt : Infinity;
      if (known && age < freshMs) return known.value;
      const usable = known?.value !== undefined && age < staleMs && mayServeStale(known.value);
      if (usable && clock.now() - failedAt < SPARE_MS) return known.value;
      try {
        return (await (loading.get(key) ?? startLoad(key, load))).value;
      } catch (cause) {
        failedAt = clock.now();
        if (usable) return known.value;
        throw new MillraceError("ServiceUnavailable", "The registry cannot be reached. The request can be retried.", {
          cause,
        });
      }
    },
    clear() {
      found.clear();
      notFound.clear();
      loading.clear();
    },
  };
}
