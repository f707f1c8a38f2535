/** Work that must happen one after the other: this store has one writer. */
export interface Lane<Call, Answer> {
  /** Joins the calls that wait; those waiting together are committed together, in the order they came. */
  submit(call: Call): Promise<Answer>;
  /** Runs `work` alone, after everything submitted before it. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything submitted so far has ended, well or not. */
  idle(): Promise<void>;
}

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly size: number;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * A lane with group commit: a commit costs a sync of the disk whatever its size, so calls that arrive during one share the next.
 * @param commit answers one per call, in order; if it throws, all its calls fail.
 * @param maxSize calls are grouped up to this many units of `sizeOf` (a larger single call goes alone).
 */
export function createLane<Call, Answer>(
  commit: (calls: readonly Call[]) => Promise<readonly Answer[]>,
  sizeOf: (call: Call) => number,
  maxSize: number,
): Lane<Call, Answer> {
  let tail: Promise<unknown> = Promise.resolve();
  let open: Waiting<Call, Answer>[] | undefined;
  let openSize = 0;

  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
  const commitGroup = async (group: readonly Waiting<Call, Answer>[]): Promise<void> => {
    if (open === group) open = undefined;
    try {
      const answers = await commit(group.map(({ call }) => call));
      group.forEach((waiting, i) => waiting.resolve(answers[i] as Answer));
    } catch (thrown) {
      for (const waiting of group) waiting.reject(thrown);
    }
  };

  return {
    submit: (call) =>
      new Promise<Answer>((resolve, reject) => {
        const waiting = { call, size: sizeOf(call), resolve, reject };
        if (open && openSize + waiting.size <= maxSize) {
          open.push(waiting);
          openSize += waiting.size;
          return;
        }
        const group = [waiting];
        open = group;
        openSize = waiting.size;
        void enqueue(() => commitGroup(group));
      }),
    alone: (work) => {
      // What is submitted from now on must not join a group that runs before this.
      open = undefined;
      return enqueue(work);
    },
    idle: async () => {
      await tail;
    },
  };
}
