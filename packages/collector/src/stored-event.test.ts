import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { decode } from "./decode.ts";
import { prepare } from "./stored-event.ts";
import { accepted, envelope, message } from "./testing/events.ts";

/** Longer than the thread may be kept. */
const LONG_MS = 6;

test("requests have turns while the events of a message are enriched, which keep their order", async () => {
  const events = Array.from({ length: 4 }, (_, n) => accepted({ properties: { n } }));
  const { deliveries } = await decode([message(envelope("b1", events))]);
  let done = 0;
  const slow = prepare(deliveries, ({ properties }) => {
    for (const until = performance.now() + LONG_MS; performance.now() < until;);
    done++;
    return { context: {}, properties };
  });
  const seen = new Set<number>();
  while (done < events.length) {
    seen.add(done);
    await nextTurn();
  }
  expect([...seen]).toEqual([1, 2, 3]);
  const { ready } = await slow;
  expect(ready.map(({ stored, ordinal }) => [stored.properties["n"], ordinal])).toEqual(events.map((_, n) => [n, n]));
});
