/** Work that must happen one after the other: this store has one writer. */
export interface Lane<Call, Answer> {
  /**
   * Joins the calls that wait; those waiting together are committed together, those of masses and the others each in the order they came.
   */
  submit(call: Call): Promise<Answer>;
  /** Runs `work` alone, after everything submitted before it. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything submitted so far has ended, well or not. */
  idle(): Promise<void>;
}

export interface LaneOptions<Call> {
  readonly sizeOf: (call: Call) => number;
  /** Units of `sizeOf` that are committed together at most; a larger call goes alone. */
  readonly maxSize: number;
  /** Whether a call is part of a mass. Default: none is. */
  readonly isMass?: (call: Call) => boolean;
  /** Units of a mass that are committed together while others are there. */
  readonly pieceSize?: number;
}

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly size: number;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/** Calls with no work that runs alone between them. */
interface Stretch<Call, Answer> {
  readonly few: Waiting<Call, Answer>[];
  readonly mass: Waiting<Call, Answer>[];
}

/**
 * A lane with group commit: a commit costs a sync of the disk whatever its size, so calls that arrive during one share the next.
 * Nobody's few events wait for somebody else's mass: they have a commit of their own, the next one, or the one after it where a mass
 * waits that was passed over before. What they find running is short, too: after them a mass is committed a piece at a time, and twice as
 * much each time until somebody's few come again. So a mass that is alone has large commits, and beside others small ones.
 * @param commit answers one per call, in order; if it throws, all its calls fail.
 */
export function createLane<Call, Answer>(
  commit: (calls: readonly Call[]) => Promise<readonly Answer[]>,
  { sizeOf, maxSize, isMass = () => false, pieceSize = maxSize }: LaneOptions<Call>,
): Lane<Call, Answer> {
  type Each = Waiting<Call, Answer>;
  let tail: Promise<unknown> = Promise.resolve();
  let open: Stretch<Call, Answer> | undefined;
  let wereFew = false;
  let massSize = pieceSize;

  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
  const nextGroup = ({ few, mass }: Stretch<Call, Answer>): readonly Each[] => {
    wereFew = few.length > 0 && !(wereFew && mass.length > 0);
    if (wereFew) {
      massSize = pieceSize;
      return takeUpTo(maxSize, few);
    }
    const group = takeUpTo(massSize, mass);
    massSize = Math.min(2 * massSize, maxSize);
    return group;
  };
  const commitGroup = async (group: readonly Each[]): Promise<void> => {
    try {
      const answers = await commit(group.map(({ call }) => call));
      group.forEach((waiting, i) => waiting.resolve(answers[i] as Answer));
    } catch (thrown) {
      for (const waiting of group) waiting.reject(thrown);
    }
  };
  const commitAll = async (stretch: Stretch<Call, Answer>): Promise<void> => {
    for (;;) {
      const group = nextGroup(stretch);
      if (group.length === 0) break;
      await commitGroup(group);
    }
    if (open === stretch) open = undefined;
  };

  return {
    submit: (call) =>
      new Promise<Answer>((resolve, reject) => {
        const waiting = { call, size: sizeOf(call), resolve, reject };
        let stretch = open;
        if (!stretch) {
          const fresh = (stretch = open = { few: [], mass: [] });
          void enqueue(() => commitAll(fresh));
        }
        (isMass(call) ? stretch.mass : stretch.few).push(waiting);
      }),
    alone: (work) => {
      // What is submitted from now on must not join calls that are committed before this.
      open = undefined;
      return enqueue(work);
    },
    idle: async () => {
      await tail;
    },
  };
}

/** The first of a line, at least one, and as many behind it as stay within the size. */
function takeUpTo<Each extends { readonly size: number }>(most: number, line: Each[]): readonly Each[] {
  let size = 0;
  const end = line.findIndex((each, at) => (size += each.size) > most && at > 0);
  return line.splice(0, end === -1 ? line.length : end);
}
