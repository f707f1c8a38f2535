import { createBacklog } from "./backlog.ts";
import { createHistogram, type Histogram } from "./histogram.ts";
import type { Random } from "./random.ts";

/** The collector's side of a stage, in the numbers that decide how far it falls behind. Seconds throughout. */
export interface Pipeline {
  /** The mapping's maximum concurrency: batches that are handled at once. */
  readonly collectors: number;
  /** Pollers that gather batches while traffic is low; a mapping starts with five. */
  readonly pollers: number;
  readonly batchMessages: number;
  /** How long a batch that is not full waits for more. */
  readonly window: number;
  readonly eventsPerMessage: number;
  /** Duration of a call, apart from what each event takes. */
  readonly perBatch: number;
  readonly perEvent: number;
  /** Spread of the duration: standard deviation of its logarithm. */
  readonly spread: number;
  /** Events per second that the store takes from all collectors together. */
  readonly storeRate: number;
  /** How long a collector tries a store that does not answer, before it gives its batch back. */
  readonly budget: number;
  /** How long a batch stays away that was given back at so many deliveries, counted from then. */
  readonly retryAfter: (deliveries: number) => number;
}

/** The store takes nothing from `start` until `end`. */
export interface Outage {
  readonly start: number;
  readonly end: number;
}

export interface Run {
  /** From arrival in the queue until stored. */
  readonly lag: Histogram;
  readonly messages: number;
  readonly calls: number;
  readonly busySeconds: number;
  /** Receives that brought something. */
  readonly receives: number;
  readonly mostRunning: number;
  /** Most messages that waited because no collector was free, or for their next delivery. */
  readonly mostWaiting: number;
  /** The longest time in which messages waited for a free collector. */
  readonly longestBehind: number;
  /** Most deliveries of one message; the queue's limit makes a dead letter of it. */
  readonly mostDeliveries: number;
}

/** A place for one batch: gathering it, then handling it. */
interface Slot {
  state: "idle" | "gathering" | "running";
  /** When the window closes, or the call ends. */
  until: number;
  startedAt: number;
  failed: boolean;
  readonly arrivedAt: Float64Array;
  count: number;
  deliveries: number;
}

const NEVER = Number.POSITIVE_INFINITY;
/** What SQS gives in one receive. */
const RECEIVE_MOST = 10;

/**
 * Plays queue, event-source mapping, collectors and store, event by event, until every message is stored. The mapping as AWS
 * describes it: pollers gather batches by size and window, none is taken without a free collector, a batch that failed comes
 * back after a delay that grows with its deliveries. The store is a pipe that all collectors share. Not in it: Lambda's slowing down after errors (an
 * outage ends a little sooner here) and deliveries without a reason.
 */
export function play(pipeline: Pipeline, nextArrival: () => number, random: Random, outage?: Outage): Run {
  const slots = Array.from({ length: pipeline.collectors }, (): Slot => newSlot(pipeline.batchMessages));
  const backlog = createBacklog();
  const returning: { readonly at: number; readonly arrivedAt: readonly number[]; readonly deliveries: number }[] = [];
  const lag = createHistogram();
  const run = { messages: 0, calls: 0, busySeconds: 0, receives: 0, mostRunning: 0, mostWaiting: 0, longestBehind: 0 };
  let mostDeliveries = 0;
  let running = 0;
  let returned = 0;
  let behindSince: number | undefined;
  let storeFreeAt = 0;
  const gathering: Slot[] = [];
  let nextSlot: Slot | undefined;

  /** Keeps `nextSlot` right after this slot's `until` has changed. */
  const rescheduled = (slot: Slot) => {
    if (slot !== nextSlot) {
      if (slot.until < (nextSlot?.until ?? NEVER)) nextSlot = slot;
      return;
    }
    nextSlot = undefined;
    for (const each of slots) if (each.until < (nextSlot?.until ?? NEVER)) nextSlot = each;
  };

  const start = (slot: Slot, now: number) => {
    if (slot.state === "gathering") gathering.splice(gathering.indexOf(slot), 1);
    const events = slot.count * pipeline.eventsPerMessage;
    const own = (pipeline.perBatch + pipeline.perEvent * events) * random.factor(pipeline.spread);
    const down = outage !== undefined && now >= outage.start && now < outage.end;
    slot.failed = down && outage.end > now + pipeline.budget;
    slot.state = "running";
    slot.startedAt = now;
    if (slot.failed) slot.until = now + pipeline.budget;
    else {
      const ready = down ? outage.end : now;
      storeFreeAt = Math.max(storeFreeAt, ready) + events / pipeline.storeRate;
      slot.until = Math.max(ready + own, storeFreeAt);
    }
    rescheduled(slot);
    run.mostRunning = Math.max(run.mostRunning, ++running);
  };

  const take = (slot: Slot, now: number) => {
    if (slot.state === "idle") {
      slot.state = "gathering";
      slot.until = now + pipeline.window;
      slot.count = 0;
      gathering.push(slot);
      rescheduled(slot);
    }
    slot.arrivedAt[slot.count++] = backlog.shift();
    if (slot.count === pipeline.batchMessages) start(slot, now);
  };

  /** Where the next waiting message goes: to any of the pollers that gather, or to one that begins to. */
  const choose = (): Slot | undefined => {
    const free = slots.length - running;
    if (free === 0) return undefined;
    const open = Math.min(free, pipeline.pollers);
    const chosen = gathering[Math.floor(random.uniform() * open)] ?? slots.find(({ state }) => state === "idle");
    return chosen ?? gathering[0];
  };

  const feed = (now: number) => {
    const waited = backlog.size;
    while (backlog.size > 0) {
      const slot = choose();
      if (!slot) break;
      take(slot, now);
    }
    run.receives += Math.ceil((waited - backlog.size) / RECEIVE_MOST);
    run.mostWaiting = Math.max(run.mostWaiting, backlog.size + returned);
    if (backlog.size > 0) behindSince ??= now;
    else if (behindSince !== undefined) {
      run.longestBehind = Math.max(run.longestBehind, now - behindSince);
      behindSince = undefined;
    }
  };

  const end = (slot: Slot, now: number) => {
    running--;
    run.calls++;
    run.busySeconds += now - slot.startedAt;
    if (slot.failed) {
      const arrivedAt = [...slot.arrivedAt.subarray(0, slot.count)];
      const deliveries = slot.deliveries + 1;
      returning.push({ at: now + pipeline.retryAfter(deliveries), arrivedAt, deliveries });
      // Delays differ: who failed later may be back sooner.
      returning.sort((a, b) => a.at - b.at);
      returned += slot.count;
    } else {
      for (let i = 0; i < slot.count; i++) lag.add(now - (slot.arrivedAt[i] ?? 0));
    }
    mostDeliveries = Math.max(mostDeliveries, slot.deliveries + 1);
    slot.deliveries = 0;
    slot.state = "idle";
    slot.until = NEVER;
    rescheduled(slot);
  };

  /** A batch that came back is delivered whole: the queue has no order, and who shares its fate does not matter. */
  const again = (now: number): boolean => {
    const slot = slots.find(({ state }) => state === "idle");
    const batch = returning[0];
    if (!slot || !batch) return false;
    returning.shift();
    returned -= batch.arrivedAt.length;
    slot.arrivedAt.set(batch.arrivedAt);
    slot.count = batch.arrivedAt.length;
    slot.deliveries = batch.deliveries;
    run.receives += Math.ceil(slot.count / RECEIVE_MOST);
    start(slot, now);
    return true;
  };

  let arrival = nextArrival();
  let clock = 0;
  for (;;) {
    const next = Math.min(arrival, nextSlot?.until ?? NEVER);
    const due = returning[0]?.at ?? NEVER;
    if (next === NEVER && due === NEVER) break;
    if (due <= next && again(Math.max(due, clock))) {
      clock = Math.max(due, clock);
      continue;
    }
    clock = next;
    if (arrival === next) {
      backlog.push(arrival);
      run.messages++;
      arrival = nextArrival();
      // With nobody free a message only waits: nothing else changes.
      if (running === slots.length) {
        run.mostWaiting = Math.max(run.mostWaiting, backlog.size + returned);
        behindSince ??= clock;
        continue;
      }
    } else if (nextSlot?.state === "gathering") start(nextSlot, clock);
    else if (nextSlot) end(nextSlot, clock);
    feed(clock);
  }
  return { lag, ...run, mostDeliveries };
}

function newSlot(batchMessages: number): Slot {
  return {
    state: "idle",
    until: NEVER,
    startedAt: 0,
    failed: false,
    arrivedAt: new Float64Array(batchMessages),
    count: 0,
    deliveries: 0,
  };
}
