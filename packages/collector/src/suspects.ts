import type { CollectMessage } from "./decode.ts";

/** Suspects of one death are taken together in tens, those of more deaths one by one: so the guilty one is found in three. */
const SOME = 10;

/**
 * The messages in rounds: all ordinary ones together, then those over which a process died. One of them may be the reason (it made
 * the process run out of memory, or time): run last and with few others, it can take few with it, and alone nobody.
 * @param deaths how many processes died over a message; one that is not there is nobody's suspect, however often it was delivered
 */
export function rounds(
  messages: readonly CollectMessage[],
  deaths: ReadonlyMap<string, number>,
): readonly (readonly CollectMessage[])[] {
  const {
    ordinary = [],
    some = [],
    alone = [],
  } = Object.groupBy(messages, ({ id }) => {
    const count = deaths.get(id) ?? 0;
    if (count === 0) return "ordinary";
    return count === 1 ? "some" : "alone";
  });
  // The one that nobody survives must not stand before those that were only near it.
  const byDeaths = alone.toSorted((a, b) => (deaths.get(a.id) ?? 0) - (deaths.get(b.id) ?? 0));
  return [ordinary, ...inParts(some, SOME), ...inParts(byDeaths, 1)].filter((round) => round.length > 0);
}

function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
