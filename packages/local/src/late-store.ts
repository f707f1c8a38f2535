import { MillraceError, type EventStore } from "@millrace/core";
import { setTimeout as delay } from "node:timers/promises";

/** A store that may not be there yet. Until it is, every call of it fails with a 503 that says so. */
export interface LateStore {
  readonly store: EventStore;
  /** Resolves when it is open and prepared; rejects when it was given up before. */
  readonly opened: Promise<void>;
  /** It was tried and is not there yet. */
  isAway(): boolean;
  /** Tries no longer to open it. What is open stays so. */
  readonly giveUp: () => void;
}

export interface LateStoreOptions {
  /** Opens the store and prepares it, or leaves nothing open. */
  readonly open: () => Promise<EventStore>;
  /** The store answers all questions of a `snapshot` as of one moment. */
  readonly hasSnapshots: boolean;
  /** Told why it could not be opened, of each reason once. It is tried again by itself. */
  readonly onAway: (reason: unknown) => void;
}

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * Opens a store in the background, again and again until it works: who records must not wait for a store that is away, and a
 * process that was killed while it was must come back. Nothing reaches the store before it is prepared: a cluster would make an
 * index of its own for the first event.
 */
export function openLate({ open, hasSnapshots, onAway }: LateStoreOptions): LateStore {
  const givenUp = new AbortController();
  const opened = Promise.withResolvers<void>();
  opened.promise.catch(() => {});
  let there: EventStore | undefined;

  const attempt = async (): Promise<boolean> => {
    const store = await open();
    // Nothing of ours is in it yet.
    if (givenUp.signal.aborted) await store.close();
    else {
      there = store;
      opened.resolve();
    }
    return true;
  };
  const told = new Set<string>();
  const away = (reason: unknown): boolean => {
    if (!told.has(String(reason))) onAway(reason);
    told.add(String(reason));
    return false;
  };
  const keepTrying = async (): Promise<void> => {
    for (let pauseMs = FIRST_MS; !givenUp.signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_MS)) {
      if (await attempt().catch(away)) return;
      await delay(pauseMs, undefined, { signal: givenUp.signal }).catch(() => {});
    }
  };
  void keepTrying();
  const giveUp = () => {
    givenUp.abort();
    opened.reject(new Error("The store was given up before it was there."));
  };

  const now = (): EventStore => {
    if (there) return there;
    throw new MillraceError(
      "ServiceUnavailable",
      "The event store is away. Events are accepted all the same and wait for it; questions can be asked again.",
      { retryAfterSeconds: LONGEST_MS / 1_000 },
    );
  };
  return {
    opened: opened.promise,
    isAway: () => there === undefined && told.size > 0,
    giveUp,
    store: {
      prepare: async () => now().prepare(),
      append: async (...call) => now().append(...call),
      recordExceptions: async (...call) => now().recordExceptions(...call),
      withdrawExceptions: async (...call) => now().withdrawExceptions(...call),
      metric: async (...call) => now().metric(...call),
      extract: async (...call) => now().extract(...call),
      funnel: async (...call) => now().funnel(...call),
      orderedFunnel: async (...call) => now().orderedFunnel(...call),
      retention: async (...call) => now().retention(...call),
      paths: async (...call) => now().paths(...call),
      outcomes: async (...call) => now().outcomes(...call),
      arrivals: async (...call) => now().arrivals(...call),
      rejectedGroups: async (...call) => now().rejectedGroups(...call),
      rejectedEvents: async (...call) => now().rejectedEvents(...call),
      countWhere: async (...call) => now().countWhere(...call),
      deleteWhere: async (...call) => now().deleteWhere(...call),
      deleteProperty: async (...call) => now().deleteProperty(...call),
      forgetRaw: async (...call) => now().forgetRaw(...call),
      ...(hasSnapshots && {
        snapshot: async (project, work, run) => {
          const store = now();
          return store.snapshot ? store.snapshot(project, work, run) : work(store);
        },
      }),
      close: async () => {
        giveUp();
        await there?.close();
      },
    },
  };
}
