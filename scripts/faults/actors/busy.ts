import type { Random } from "../../../bench/simulation/random.ts";

/** Repeats `act` in `width` loops for so many seconds, or until it is stopped. */
export async function busy(
  seconds: number,
  width: number,
  act: () => Promise<unknown>,
  signal?: AbortSignal,
): Promise<void> {
  const until = Date.now() + seconds * 1_000;
  const loop = async () => {
    while (Date.now() < until && signal?.aborted !== true) await act();
  };
  await Promise.all(Array.from({ length: width }, loop));
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random.uniform() * items.length)];
  if (item === undefined) throw new RangeError("nothing to choose from");
  return item;
}
