// How long a backlog lasts after an outage of 15 minutes at 1,000 messages a second, beside the outage. Measured batches, simulated clock.
import { createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createDeaths, createEnricher, retryDelayMs, type CollectMessage } from "@millrace/collector";
import { encodeEnvelope, ENVELOPE_VERSION, mintId, type EventSink } from "@millrace/core";
import { setTimeout as delay } from "node:timers/promises";

const OUTAGE_S = 900;
const ARRIVING = 1_000;
const COLLECTORS = 10;
const BATCH = 100;
/** What a store takes to answer one bulk. */
const STORE_MS = 25;
/** A dependency that refuses at once: the worst case, in which every collector goes through the whole backlog again and again. */
const REFUSAL_MS = 20;

const clock = { now: Date.now };
const sink: EventSink = {
  append: async (events) => {
    await delay(STORE_MS);
    return events.map(() => ({ kind: "stored" as const }));
  },
  recordExceptions: async () => {},
  withdrawExceptions: async () => {},
};

async function message(i: number, receiveCount: number): Promise<CollectMessage> {
  const at = Date.now();
  const body = await encodeEnvelope({
    v: ENVELOPE_VERSION,
    batch: `batch-${i}-${receiveCount}`,
    project: "p",
    receivedAt: at,
    instance: "bench",
    sequence: i,
    accepted: 1,
    request: { executionId: "e", function: "ingest", coldStart: false, durationMs: 1, route: "/", bytes: 1 },
    events: [{ id: mintId(at, systemRandom(10)), collection: "c", timestamp: at, properties: { n: i } }],
  });
  return { id: `${i}`, body, receiveCount, sentAt: at };
}

/** Milliseconds of a batch whose messages are delivered for the n-th time, by the collector itself: median of some. */
async function batchMs(receiveCount: number): Promise<number> {
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const collect = createCollector({
    sink,
    catalogue: { admit: async () => ({ admits: () => true }) },
    claims: { claimMany: async (list) => list.map(() => "ours" as const) },
    tombstones: createTombstones({ registry, clock, random: systemRandom }),
    deaths: createDeaths({ registry, clock }),
    enrich: createEnricher(),
    clock,
  });
  const times: number[] = [];
  for (let run = 0; run < 15; run++) {
    const messages = await Promise.all(Array.from({ length: BATCH }, (_, i) => message(i, receiveCount)));
    const started = performance.now();
    await collect(messages, { deadline: Date.now() + 60_000 });
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[7] ?? 0;
}

/** Seconds after the outage until nothing waits that arrived in it or since, in steps of a second. */
function recoverySeconds(perBatchMs: number): number {
  const failing = Math.floor((COLLECTORS * BATCH * 1_000) / REFUSAL_MS);
  const storing = Math.floor((COLLECTORS * BATCH * 1_000) / perBatchMs);
  // How many messages become visible in which second, by how often they were delivered.
  const waiting = new Map<number, Map<number, number>>();
  const put = (second: number, receives: number, count: number): void => {
    const at = waiting.get(second) ?? new Map<number, number>();
    waiting.set(second, at.set(receives, (at.get(receives) ?? 0) + count));
  };
  for (let second = 0; second < OUTAGE_S * 10; second++) {
    put(second, 0, ARRIVING);
    const down = second < OUTAGE_S;
    let room = down ? failing : storing;
    let kept = 0;
    for (const [receives, count] of waiting.get(second) ?? []) {
      const taken = Math.min(room, count);
      room -= taken;
      if (down && taken > 0)
        put(second + Math.max(1, Math.round(retryDelayMs(receives + 1) / 1_000)), receives + 1, taken);
      if (count > taken) put(second + 1, receives, count - taken);
      kept += count - taken;
    }
    waiting.delete(second);
    const hidden = [...waiting.values()].reduce((sum, at) => sum + [...at.values()].reduce((a, b) => a + b, 0), 0);
    if (!down && kept === 0 && hidden === 0) return second - OUTAGE_S + 1;
  }
  return Number.POSITIVE_INFINITY;
}

const rows = [];
const first = await batchMs(1);
const again = await batchMs(12);
for (const [what, ms] of [
  ["delivered once", first],
  ["delivered twelve times", again],
] as const) {
  rows.push({ messages: what, "ms a batch of 100": ms.toFixed(1), ratio: (ms / first).toFixed(2) });
}
console.table(rows);
const seconds = recoverySeconds(again);
console.table([
  {
    outage: `${OUTAGE_S} s at ${ARRIVING}/s`,
    "backlog gone after": `${seconds} s`,
    "recovery / outage": (seconds / OUTAGE_S).toFixed(2),
  },
]);
