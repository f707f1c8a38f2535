/** A fixed number of slots, given out in the order asked. */
export interface Slots {
  /** Resolves with the function that gives the slot back. Rejects with the signal's reason when it fires first. */
  acquire(signal?: AbortSignal): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  const release = () => {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  };
  const once = (): (() => void) => {
    let released = false;
    return () => {
      if (!released) release();
      released = true;
    };
  };

  return {
    acquire: async (signal) => {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return once();
      }
      await new Promise<void>((resolve, reject) => {
        const give = () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        };
        const leave = () => {
          waiting.delete(give);
          reject(signal?.reason as Error);
        };
        waiting.add(give);
        signal?.addEventListener("abort", leave, { once: true });
      });
      return once();
    },
  };
}
