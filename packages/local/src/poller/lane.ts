/** A fixed number of places for work that never fails. */
export interface Lane {
  /** Does the work when there is a place, in the order asked. */
  run(work: () => Promise<void>): Promise<void>;
  isFull(): boolean;
  /** Resolves when there is a place and nobody waits for it. */
  free(): Promise<void>;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

export function createLane(places: number): Lane {
  let running = 0;
  const line: (() => void)[] = [];
  let told = Promise.withResolvers<void>();

  const leave = (): void => {
    running -= 1;
    line.shift()?.();
    told.resolve();
    told = Promise.withResolvers();
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await told.promise;
  };
  const isFull = () => running >= places || line.length > 0;
  return {
    async run(work) {
      if (isFull()) await new Promise<void>((resolve) => line.push(() => (running++, resolve())));
      else running++;
      try {
        await work();
      } finally {
        leave();
      }
    },
    isFull,
    free: () => until(() => !isFull()),
    idle: () => until(() => running === 0),
  };
}
