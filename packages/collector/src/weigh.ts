import { messageWeight } from "@millrace/core";
import type { CollectMessage } from "./decode.ts";

/**
 * What a round may unpack to: its documents are in memory together, several times over. A batch is measured by what comes over the
 * wire, of which a few kilobytes may hold megabytes.
 */
const ROUND_BYTES = 16_000_000;

/** A round in rounds that can be held in memory, in the same order; a message beyond all measure is one by itself. */
export function withinMemory(round: readonly CollectMessage[], limit = ROUND_BYTES): CollectMessage[][] {
  const rounds: CollectMessage[][] = [];
  let weight = Infinity;
  for (const message of round) {
    const more = messageWeight(message.body);
    weight += more;
    if (weight > limit) {
      rounds.push([]);
      weight = more;
    }
    rounds.at(-1)?.push(message);
  }
  return rounds;
}
