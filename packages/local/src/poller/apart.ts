import { messageWeight, type ReceivedMessage } from "@millrace/core";

/** A batch, taken apart: the messages of projects that sent little, and pieces of those that sent much. */
export interface Apart {
  readonly light: readonly ReceivedMessage[];
  readonly heavy: readonly (readonly ReceivedMessage[])[];
}

/**
 * A project whose messages in one batch unpack to more than this is not waited for by those who sent less. Two thousand small events, or
 * three hundred names nobody has used before, are more: each is work of its own, whatever its bytes.
 */
const LIGHT_BYTES = 100_000;
/** What a project that sent much has collected at a time: so much its neighbours may have to wait for at the store's one writer. */
const PIECE_BYTES = 4_000_000;

/**
 * Takes a batch apart, so that nobody's few events wait for somebody else's many: what is collected together is stored
 * together, when the slowest of it is.
 */
export function apart(batch: readonly ReceivedMessage[]): Apart {
  const light: ReceivedMessage[] = [];
  const heavy: ReceivedMessage[][] = [];
  for (const messages of Map.groupBy(batch, ({ group }) => group).values()) {
    const weights = messages.map(({ body }) => messageWeight(body));
    const weight = weights.reduce((sum, each) => sum + each, 0);
    if (weight <= LIGHT_BYTES) light.push(...messages);
    else heavy.push(...pieces(messages, weights));
  }
  return { light, heavy };
}

/** In order; a message above all measure is a piece by itself. */
function pieces(messages: readonly ReceivedMessage[], weights: readonly number[]): ReceivedMessage[][] {
  const found: ReceivedMessage[][] = [];
  let weight = Infinity;
  for (const [at, message] of messages.entries()) {
    const more = weights[at] ?? 0;
    weight += more;
    if (weight > PIECE_BYTES) {
      found.push([]);
      weight = more;
    }
    found.at(-1)?.push(message);
  }
  return found;
}
