import { hash } from "node:crypto";
import { MillraceError, type Clock, type Registry } from "@millrace/core";

/** Counts tries at something that can be guessed. */
export interface Throttle {
  /**
   * Counts a try before it is made: however many come at once, no more than these are made.
   * @throws MillraceError `RateLimitExceeded` when there were too many
   */
  begin(tries: readonly Tries[]): Promise<void>;
  /** Forgets the tries of whoever succeeded. */
  succeeded(name: string): Promise<void>;
}

interface Tries {
  /** Who is tried, or where from. Kept hashed: it may be what somebody typed into the wrong field. */
  readonly name: string;
  /** Of one window. */
  readonly most: number;
}

const WINDOW_MS = 15 * 60_000;

export function createThrottle({ registry, clock }: { registry: Registry; clock: Clock }): Throttle {
  const keyOf = (name: string) => ({ partition: `tries:${hash("sha256", name)}`, sort: "tries" });
  const count = async ({ name, most }: Tries): Promise<void> => {
    for (;;) {
      const item = await registry.get<number>(keyOf(name));
      const expiresAt = item?.expiresAt ?? clock.now() + WINDOW_MS;
      if (item && item.value >= most) {
        throw new MillraceError("RateLimitExceeded", "There were too many tries. Wait some minutes.", {
          retryAfterSeconds: Math.max(1, Math.ceil((expiresAt - clock.now()) / 1000)),
        });
      }
      const next = (item?.value ?? 0) + 1;
      if (await registry.put(keyOf(name), next, { if: item?.version ?? "absent", expiresAt })) return;
    }
  };
  return {
    async begin(tries) {
      for (const each of tries) await count(each);
    },
    succeeded: (name) => registry.delete(keyOf(name)),
  };
}
