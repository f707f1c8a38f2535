/** What of the time that goes by each of several works has for itself. */
export interface OwnTime {
  /** Does the work. @returns its part of the time it took, milliseconds: half of what went by while one other was done beside it */
  of(work: () => Promise<void>): Promise<number>;
}

/**
 * Divides time evenly among those that use it at the same moment (processor sharing). By what went by for each, everyone would pay for
 * the time of all: of five that are done side by side each would rest as if it had used all of it.
 * @param now milliseconds that only go forward
 */
export function createOwnTime(now: () => number): OwnTime {
  let users = 0;
  /** What one that has been there all along would have had for itself. */
  let each = 0;
  let at = now();

  const look = (): number => {
    const time = now();
    if (users > 0) each += (time - at) / users;
    at = time;
    return each;
  };
  return {
    async of(work) {
      const before = look();
      users++;
      try {
        await work();
      } finally {
        look();
        users--;
      }
      return each - before;
    },
  };
}
