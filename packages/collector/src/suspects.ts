import type { CollectMessage } from "./decode.ts";

/** From this delivery on, a message is suspected of killing whoever works on it. */
const SUSPECT_FROM = 3;

/**
 * The messages in rounds: all ordinary ones together, then each suspect alone. A message that came back twice may be the reason
 * why (it makes us run out of memory, or time): run last and by itself, it can take nobody with it.
 */
export function rounds(messages: readonly CollectMessage[]): readonly (readonly CollectMessage[])[] {
  const { ordinary = [], suspect = [] } = Object.groupBy(messages, ({ receiveCount }) =>
    receiveCount < SUSPECT_FROM ? "ordinary" : "suspect",
  );
  return [ordinary, ...suspect.map((message) => [message])].filter((round) => round.length > 0);
}
