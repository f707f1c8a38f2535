import { setTimeout as delay } from "node:timers/promises";
import { giveBackTo, type GiveBack } from "@millrace/collector";
import { ahead, headroom, type Queue, type ReceivedMessage } from "@millrace/core";
import { backOffMs } from "./back-off.ts";
import { gather } from "./gather.ts";
import { createLane } from "./lane.ts";
import { apart } from "./apart.ts";
import { settle } from "./settle.ts";
import type { BatchResponse } from "./settle.ts";

export interface PollerOptions {
  readonly queue: Queue;
  /**
   * Handles one batch. Throwing means that all of it must come again.
   * @param giveBack for those that failed and know when they should come again: on AWS their visibility is changed while the batch is
   *   still handled. They are to be named in the answer all the same. It may be called later, too, for messages given back before.
   */
  handle(messages: readonly ReceivedMessage[], giveBack: GiveBack): Promise<BatchResponse>;
  /** Messages in a batch at most. */
  readonly batchSize: number;
  /** A batch whose messages unpack to this many bytes is full too. Default 16 million: what a collector handles in one round. */
  readonly batchBytes?: number;
  /** How long a batch that is not full waits for more. */
  readonly windowMs: number;
  /**
   * Batches handled at the same time at most: the throttle that protects the store. So many of projects that sent little, and as
   * many pieces of projects that sent much beside them.
   */
  readonly maximumConcurrency: number;
  /** Must exceed the window and the longest run of the handler, or messages are handled twice. */
  readonly visibilityMs: number;
  /** Told of every failed batch and every failure of the queue; the poller goes on by itself. */
  readonly onError: (error: unknown) => void;
  /** True while nothing is to be taken from the queue. Asked before each batch. Default: never. */
  readonly isPaused?: () => Promise<boolean>;
  /** Waits for a back-off or a rest; the signal ends it early, by a rejection. Default: a timer. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export interface Poller {
  /** Takes nothing more from the queue, and resolves when what was taken is handled and settled. */
  drain(): Promise<void>;
}

/** Projects that sent little are there for so long after their last event, milliseconds. */
const OTHERS_MS = 5_000;
/** So many others make a project's part of the time smaller, no more. */
const MOST_OTHERS = 4;
/** Where the thread is full a rest is longer, up to this, milliseconds: a piece that waited for a disk took long by itself. */
const MOST_EXTRA_MS = 5_000;
/** While nothing succeeds, so many messages are tried, every so often: what is away is found to be back soon, and by few. */
const PROBE = { messages: 10, everyMs: 10_000 };
/** How soon it is noticed that a pause is over. */
const PAUSED_MS = 500;
/** Pieces that wait for a place at most, before nothing more is asked of the queue. Each is some megabytes. */
const MOST_WAITING = 8;

/**
 * Feeds a handler from a queue by the rules of Lambda's event-source mapping for SQS, so that the same handler behaves the same
 * on one machine: batches by size and window, maximum concurrency, partial batch responses. It begins at once. Unlike a
 * mapping without maximum concurrency it takes no batch before somebody is free to handle it, so waiting costs no delivery.
 * Projects that sent much are handled apart from the others, who would wait for them (see apart.ts); a few pieces of theirs may
 * wait here. While batches fail, polling slows down (1 s, 2 s, 4 s … 10 s) to few messages at a time, one batch after the other:
 * the backlog stays where it is, untried. The first success ends that.
 */
export function createPoller(options: PollerOptions): Poller {
  const { queue, visibilityMs, onError, isPaused = () => Promise.resolve(false) } = options;
  const wait = options.wait ?? ((ms, signal) => delay(ms, undefined, { signal }));
  const draining = new AbortController();
  const stopped = () => draining.signal.aborted;
  const light = createLane(options.maximumConcurrency);
  const heavy = createLane(options.maximumConcurrency);
  /** Pieces of each project that are handled or wait for their place. */
  const open = new Map<string, number>();
  /** When projects that sent little had their last batch. */
  const seen = new Map<string, number>();
  let failures = 0;

  const failed = (error: unknown): void => {
    failures++;
    onError(error);
  };

  const run = async (batch: readonly ReceivedMessage[]): Promise<void> => {
    const givenBack = new Set<string>();
    const toQueue = giveBackTo(queue, batch);
    const giveBack: GiveBack = async (ids, delayMs) => {
      await toQueue(ids, delayMs);
      for (const id of ids) givenBack.add(id);
    };
    try {
      await settle(queue, batch, await options.handle(batch, giveBack), { limitMs: visibilityMs, givenBack });
      failures = 0;
    } catch (error) {
      failed(error);
      const ours = batch.filter(({ id }) => !givenBack.has(id));
      // If even this fails, the messages come again when their visibility ends.
      await queue
        .nack(
          ours.map(({ receipt }) => receipt),
          backOffMs(failures, visibilityMs),
        )
        .catch(onError);
    }
  };

  const othersThan = (project: string): number => {
    for (const [each, at] of seen) if (performance.now() - at > OTHERS_MS) seen.delete(each);
    return seen.size - (seen.has(project) ? 1 : 0);
  };

  const runHeavy = async (piece: readonly ReceivedMessage[]): Promise<void> => {
    const project = piece[0]?.group ?? "";
    open.set(project, (open.get(project) ?? 0) + 1);
    await heavy.run(async () => {
      const began = performance.now();
      await run(piece);
      // The time of this one thread is for others, too, who have events or questions; alone, a project has all of it.
      const fairMs = (performance.now() - began) * Math.min(othersThan(project), MOST_OTHERS);
      const restMs = Math.ceil(Math.max(fairMs, Math.min(fairMs / headroom(), MOST_EXTRA_MS)));
      if (restMs > 0) await wait(restMs, draining.signal).catch(() => {});
    });
    const left = (open.get(project) ?? 1) - 1;
    if (left > 0) open.set(project, left);
    else open.delete(project);
  };

  const poll = async (): Promise<void> => {
    while (!stopped()) {
      await light.free();
      // A queue that cannot leave somebody out would fill the memory with what nobody is free for.
      if (heavy.waiting() > MOST_WAITING) await heavy.free();
      if (failures > 0) {
        await light.idle();
        await wait(backOffMs(failures, PROBE.everyMs), draining.signal).catch(() => {});
      }
      if (stopped()) return;
      try {
        if (await isPaused()) {
          await wait(PAUSED_MS, draining.signal).catch(() => {});
          continue;
        }
        const except = heavy.isFull() ? [...open.keys()] : [];
        const batchSize = failures > 0 ? Math.min(options.batchSize, PROBE.messages) : options.batchSize;
        const batch = apart(await gather({ ...options, batchSize, except }, stopped));
        if (batch.light.length > 0) {
          for (const { group } of batch.light) seen.set(group, performance.now());
          void light.run(() => ahead(() => run(batch.light)));
        }
        for (const piece of batch.heavy) void runHeavy(piece);
      } catch (error) {
        failed(error);
      }
    }
  };
  const polling = poll();

  return {
    async drain() {
      draining.abort();
      await polling;
      await Promise.all([light.idle(), heavy.idle()]);
    },
  };
}
