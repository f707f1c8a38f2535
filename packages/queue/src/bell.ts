/** Wakes those that wait for a change. The count tells whether it rang since, so no ring between look and wait is lost. */
export interface Bell {
  ring(): void;
  count(): number;
  /** Resolves at the first ring after `seen`, or after `ms`. */
  next(seen: number, ms: number): Promise<void>;
}

export function createBell(): Bell {
  let rings = 0;
  const sleepers = new Set<() => void>();
  return {
    ring() {
      rings++;
      for (const wake of sleepers) wake();
      sleepers.clear();
    },
    count: () => rings,
    next(seen, ms) {
      if (rings !== seen) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.max(0, ms));
        sleepers.add(wake);
      });
    },
  };
}
