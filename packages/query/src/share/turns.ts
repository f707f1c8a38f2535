import { sideBySide } from "@millrace/core";

/** What one project has due, in its order. */
export interface Lane<T> {
  readonly due: T[];
  /** True: no more of it in this run. */
  stopped: boolean;
}

/**
 * Works off what is due, each lane one at a time, all of them in turn: however much one has due, every other gets as many turns.
 * @param over asked before each piece: nothing is begun after it
 */
export async function takeTurns<T, Whose>(
  lanes: readonly (Lane<T> & Whose)[],
  { atOnce, over }: { readonly atOnce: number; readonly over: () => boolean },
  work: (lane: Lane<T> & Whose, next: T) => Promise<void>,
): Promise<void> {
  const open = (): (Lane<T> & Whose)[] => lanes.filter(({ due, stopped }) => due.length > 0 && !stopped);
  for (let turn = open(); turn.length > 0 && !over(); turn = open()) {
    await sideBySide(turn, atOnce, async (lane) => {
      const next = over() ? undefined : lane.due.shift();
      if (next !== undefined) await work(lane, next);
    });
  }
}
