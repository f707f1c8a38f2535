import { MillraceError, type Clock, type Registry, type RegistryKey } from "@millrace/core";

/** A piece of work that only one process may do at a time, kept in the registry. */
export interface Lock {
  /**
   * Does the work while nobody else does it.
   * @throws MillraceError `ServiceUnavailable` when somebody else is at it
   */
  hold<T>(work: (held: HeldLock) => Promise<T>): Promise<T>;
}

export interface HeldLock {
  /**
   * Keeps the lock for another {@link LOCK_MS}. To be called more often than that, and before each step that cannot be undone.
   * @throws MillraceError `ServiceUnavailable` when it was not called in time: another process may be at the work by now
   */
  renew(): Promise<void>;
}

/** A process that was killed stands in the way for so long. No single request of the work may take longer. */
export const LOCK_MS = 300_000;

interface Holder {
  readonly holder: string;
  /** Milliseconds UTC. */
  readonly since: number;
}

/** @param what names the work in error messages: "A migration" */
export function createLock(
  registry: Registry,
  key: RegistryKey,
  what: string,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Lock {
  return {
    hold: async (work) => {
      const since = clock.now();
      const mine: Holder = { holder: `${since}-${random()}`, since };
      let expiresAt = since + LOCK_MS;
      if (!(await registry.put(key, mine, { if: "absent", expiresAt }))) throw await taken(registry, key, what);
      const lost = () => new MillraceError("ServiceUnavailable", `${what} stopped: another one may have begun.`);
      const renew = async (): Promise<void> => {
        const now = clock.now();
        const item = await registry.get<Holder>(key);
        // Versions begin anew once an item has expired, so the version alone does not say that it is still ours.
        if (now >= expiresAt || item?.value.holder !== mine.holder) throw lost();
        if (!(await registry.put(key, mine, { if: item.version, expiresAt: now + LOCK_MS }))) throw lost();
        expiresAt = now + LOCK_MS;
      };
      try {
        return await work({ renew });
      } finally {
        const item = await registry.get<Holder>(key).catch(() => undefined);
        // If this fails it ends by itself; the work's own end matters more.
        if (item?.value.holder === mine.holder) await registry.delete(key).catch(() => undefined);
      }
    },
  };
}

async function taken(registry: Registry, key: RegistryKey, what: string): Promise<MillraceError> {
  const item = await registry.get<Holder>(key);
  const since = item ? ` since ${iso(item.value.since)}` : "";
  const until = item?.expiresAt === undefined ? "" : ` If it was killed, try again after ${iso(item.expiresAt)}.`;
  return new MillraceError("ServiceUnavailable", `${what} is already running${since}.${until}`);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
