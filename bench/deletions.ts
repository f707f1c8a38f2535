// What 10,000 tombstones cost the collector per event: 10,000 projects, 1,000 erased visitors in one of them, beside a stage without any.
import { createSqliteRegistry, createTombstones, systemRandom } from "@millrace/access";
import { createCollector, createEnricher, type Collector, type CollectMessage } from "@millrace/collector";
import { encodeEnvelope, ENVELOPE_VERSION, mintId, type EventSink, type StoredEvent } from "@millrace/core";

const PROJECTS = 10_000;
const TOMBSTONES = 10_000;
const ERASED_IN_ONE = 1_000;
const BATCH = 100;
const EVENTS = 20;
const TURNS = 15;
const BATCHES = 25;

let now = Date.UTC(2026, 10, 15, 12);
const clock = { now: () => now };
const project = (i: number) => `project-${i % PROJECTS}`;
let minted = 0;

/** Takes everything and keeps nothing: only the collector's own work is measured. */
const sink: EventSink = {
  append: async (events: readonly StoredEvent[]) => events.map(() => ({ kind: "stored" as const })),
  recordExceptions: async () => {},
  withdrawExceptions: async () => {},
};

async function stage(tombstones: number): Promise<{ collect: Collector; erase: () => Promise<unknown> }> {
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const keeper = createTombstones({ registry, clock, random: systemRandom });
  const add = (of: string, visitor: string) => keeper.add({ project: of, visitor, receivedBefore: now });
  for (let i = 0; i < tombstones; i++) await add(i < ERASED_IN_ONE ? project(0) : project(i), `erased-${i}`);
  const collect = createCollector({
    sink,
    catalogue: { admit: async () => ({ admits: () => true }) },
    claims: { claimMany: async (list) => list.map(() => "ours" as const) },
    tombstones: createTombstones({ registry, clock, random: systemRandom }),
    enrich: createEnricher(),
    clock,
  });
  return { collect, erase: () => add(project(0), `erased-again-${now}`) };
}

/** A tenth of the messages are of the project with the most erasures; the others go round all projects. */
async function messageAt(i: number): Promise<CollectMessage> {
  const batch = `batch-${i}`;
  const events = Array.from({ length: EVENTS }, (_, ordinal) => ({
    id: mintId(now, systemRandom(10)),
    collection: "pageviews",
    timestamp: now,
    properties: { path: `/${ordinal}`, price: ordinal },
    context: { visitor: `visitor-${(i * EVENTS + ordinal) % 5_000}`, url: "https://shop.example/a?utm_source=x" },
  }));
  const body = await encodeEnvelope({
    v: ENVELOPE_VERSION,
    batch,
    project: i % 10 === 0 ? project(0) : project(i),
    receivedAt: now,
    instance: "bench",
    sequence: i,
    accepted: EVENTS,
    request: { executionId: batch, function: "ingest", coldStart: false, durationMs: 1, route: "/", bytes: 1 },
    events,
  });
  return { id: batch, body, receiveCount: 1, sentAt: now };
}

/** Microseconds of one event, over batches a second apart; every ten seconds what was deleted is asked for anew. */
async function turn(collect: Collector): Promise<number> {
  const batches = await Promise.all(
    Array.from({ length: BATCHES }, () => Promise.all(Array.from({ length: BATCH }, () => messageAt(minted++)))),
  );
  const started = performance.now();
  for (const messages of batches) {
    now += 1_000;
    await collect(messages, { deadline: now + 60_000 });
  }
  return ((performance.now() - started) * 1_000) / (BATCHES * BATCH * EVENTS);
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const [empty, full] = [await stage(0), await stage(TOMBSTONES)];
const costs: { empty: number[]; full: number[] } = { empty: [], full: [] };
await turn(empty.collect);
await turn(full.collect);
for (let i = 0; i < TURNS; i++) {
  // Another erasure in each turn: the project is read again.
  await full.erase();
  costs.empty.push(await turn(empty.collect));
  costs.full.push(await turn(full.collect));
}
const [without, with10k] = [median(costs.empty), median(costs.full)];
console.table([
  { stage: "no tombstones", "µs an event": without.toFixed(1), ratio: "1.00" },
  {
    stage: `${TOMBSTONES.toLocaleString("en")} tombstones`,
    "µs an event": with10k.toFixed(1),
    ratio: (with10k / without).toFixed(2),
  },
]);
