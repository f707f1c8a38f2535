import { createSqliteRegistry } from "@millrace/access";
import { createCollector, createDeaths, createEnricher } from "@millrace/collector";
import { encodeEnvelope, indexDeletions, MillraceError, type EventSink } from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { accepted, envelope } from "../../collector/src/testing/events.ts";
import { createPoller } from "../src/poller/poller.ts";

// The queue, the poller and the collector as they are; the store and the clock are played. What is measured is played time.

const BEGIN = 1_700_000_000_000;
const MESSAGES = 3_000;
const COLLECT_MS = 25_000;

/** Plays an outage with a backlog that was there when it began. Answers how long after its end everything was stored, ms. */
async function recoveryMs(outageMs: number, failsAfterMs: number): Promise<number> {
  let now = BEGIN;
  const clock = { now: () => now };
  const folder = await mkdtemp(join(tmpdir(), "millrace-recovery-"));
  const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite"), clock });
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const end = BEGIN + outageMs;
  const sink: EventSink = {
    append: async (events) => {
      // A store that comes back while an append still tries takes it.
      if (now < end) now = Math.min(now + failsAfterMs, failsAfterMs > 0 ? end : now);
      if (now < end) throw new MillraceError("ServiceUnavailable", "away");
      now += 100;
      return events.map(() => ({ kind: "stored" }));
    },
    recordExceptions: async () => {},
    withdrawExceptions: async () => {},
  };
  const collect = createCollector({
    sink,
    catalogue: { admit: async () => ({ admits: () => true }) },
    claims: { claimMany: async () => [] },
    tombstones: { of: async () => indexDeletions() },
    enrich: createEnricher(),
    deaths: createDeaths({ registry, clock, alone: true }),
    clock,
  });
  const sends = Array.from({ length: MESSAGES }, async (_, i) =>
    queue.send({
      body: await encodeEnvelope(envelope(`b${i}`, [accepted()])),
      group: `p${i % 4}`,
      accepted: { receivedAt: BEGIN, events: 1 },
    }),
  );
  await Promise.all(sends);
  const poller = createPoller({
    queue,
    handle: (messages, later) => collect(messages, { deadline: now + COLLECT_MS, later }),
    batchSize: 1_000,
    windowMs: 0,
    maximumConcurrency: 2,
    visibilityMs: 180_000,
    onError: () => {},
    wait: async (ms) => {
      now += ms;
    },
  });
  onTestFinished(async () => {
    await poller.drain();
    await queue.close();
    await registry.close();
    await rm(folder, { recursive: true });
  });
  for (;;) {
    const { visible, inFlight, dead } = await queue.stats();
    expect(dead).toBe(0);
    if (visible + inFlight === 0) return now - end;
    // Nobody is at work, so nothing else moves the clock: what is left waits for its time.
    const before = now;
    await delay(30);
    if (now === before) now += 1_000;
  }
}

test.each([
  { outage: "of a minute that answers slowly", outageMs: 60_000, failsAfterMs: COLLECT_MS },
  { outage: "of a minute that refuses at once", outageMs: 60_000, failsAfterMs: 0 },
  { outage: "of a quarter of an hour that answers slowly", outageMs: 900_000, failsAfterMs: COLLECT_MS },
  { outage: "of a quarter of an hour that refuses at once", outageMs: 900_000, failsAfterMs: 0 },
])("after an outage $outage everything is stored within half a minute", { timeout: 60_000 }, async (played) => {
  expect(await recoveryMs(played.outageMs, played.failsAfterMs)).toBeLessThan(30_000);
});
