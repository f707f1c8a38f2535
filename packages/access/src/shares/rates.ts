import { MillraceError, type Clock, type Registry } from "@millrace/core";

/** Keeps a project to the rate that an operator set it. */
export interface Rates {
  /**
   * Takes a request's place.
   * @throws MillraceError `RateLimitExceeded` with the time after which there is room again
   */
  take(project: string, perSecond: number): Promise<void>;
}

/** So long the requests of a project are counted together: a second would let nobody send two at once. */
const WINDOW_MS = 10_000;
/** A process asks for so many parts of a window at a time: few questions to the registry, and little that nobody uses. */
const PARTS = 20;
const TRIES = 3;
const MOST_PROJECTS = 1_000;

/** What a process has of one window. */
interface Held {
  readonly window: number;
  left: number;
  /** Nothing is left for anybody until the window is over. */
  over: boolean;
}

/**
 * Rates over all processes: a window is one registry item, of which each process takes a part at a time. Only projects that are
 * throttled cost these writes, some twenty in ten seconds, however much they send. A registry that does not answer lets the request
 * through: a throttle guards others, and is not worth an event.
 */
export function createRates({ registry, clock }: { registry: Registry; clock: Clock }): Rates {
  const held = new Map<string, Held>();

  /** Takes a part of what is left; 0: all is taken; undefined: others were faster again and again. */
  async function takePart(project: string, window: number, most: number): Promise<number | undefined> {
    const key = { partition: `rate:${project}`, sort: "requests" };
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const item = await registry.get<{ window: number; taken: number }>(key);
      const taken = item?.value.window === window ? item.value.taken : 0;
      const part = Math.min(Math.ceil(most / PARTS), most - taken);
      if (part <= 0) return 0;
      const options = { if: item?.version ?? ("absent" as const), expiresAt: window + 2 * WINDOW_MS };
      if (await registry.put(key, { window, taken: taken + part }, options)) return part;
    }
    return undefined;
  }

  return {
    async take(project, perSecond) {
      const now = clock.now();
      const window = now - (now % WINDOW_MS);
      let its = held.get(project);
      if (its?.window !== window) {
        its = { window, left: 0, over: false };
        held.delete(project);
        held.set(project, its);
        const [oldest] = held.keys();
        if (held.size > MOST_PROJECTS && oldest !== undefined) held.delete(oldest);
      }
      if (its.left === 0 && !its.over) {
        const most = Math.max(1, Math.floor((perSecond * WINDOW_MS) / 1_000));
        const part = await takePart(project, window, most).catch(() => 1);
        if (part === undefined) throw throttled(1);
        its.left += part;
        its.over = part === 0;
      }
      if (its.left === 0) throw throttled(Math.ceil((window + WINDOW_MS - now) / 1_000));
      its.left--;
    },
  };
}

function throttled(retryAfterSeconds: number): MillraceError {
  return new MillraceError("RateLimitExceeded", "This project sends more than it may now. Send it again later.", {
    retryAfterSeconds,
  });
}
