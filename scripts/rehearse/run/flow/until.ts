import { isDeepStrictEqual } from "node:util";
import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 20_000;
const AGAIN_MS = 250;

/**
 * Waits until a question has the answer expected: what was written is found a second later.
 * @throws Error with the last answer when the patience is over. Default: twenty seconds
 */
export async function until(
  what: string,
  ask: () => Promise<unknown>,
  expected: unknown,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    // A collection that nobody has asked for yet may be unknown for a second.
    const answer = await ask().catch((error: unknown) => String(error));
    if (isDeepStrictEqual(answer, expected)) return;
    if (Date.now() > end)
      throw new Error(`${what}: ${JSON.stringify(answer)?.slice(0, 2_000)}, expected ${JSON.stringify(expected)}`);
    await delay(AGAIN_MS);
  }
}
