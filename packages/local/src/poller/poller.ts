import { setTimeout as delay } from "node:timers/promises";
import { giveBackTo, type GiveBack } from "@millrace/collector";
import { ahead, createTimeShares, type Queue, type ReceivedMessage, type TimeShares } from "@millrace/core";
import { backOffMs } from "./back-off.ts";
import { gather } from "./gather.ts";
import { createLane } from "./lane.ts";
import { createOwnTime } from "./own-time.ts";
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
  /** Who has used how much of the time, and rests for it. Default: by the process's clock. */
  readonly shares?: TimeShares;
  /** Waits for a back-off or a rest; the signal ends it early, by a rejection. Default: a timer. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** What is handled at a time of a project that sent much. */
interface Piece {
  readonly project: string;
  readonly messages: readonly ReceivedMessage[];
  isWaiting: boolean;
  done: Promise<void>;
}

export interface Poller {
  /** Takes nothing more from the queue, and resolves when what was taken is handled and settled. */
  drain(): Promise<void>;
}

/** While nothing succeeds, so many messages are tried, every so often: what is away is found to be back soon, and by few. */
const PROBE = { messages: 10, everyMs: 10_000 };
/** How soon it is noticed that a pause is over. */
const PAUSED_MS = 500;
/** Pieces that wait for their turn at most, before nothing more is asked of the queue. Each is some megabytes. */
const MOST_WAITING = 16;
/** No piece has used more of the time than this by itself, milliseconds: one that took longer has waited, as for a store that was away. */
const MOST_OWN_MS = 2_000;

/**
 * Feeds a handler from a queue by the rules of Lambda's event-source mapping for SQS, so that the same handler behaves the same
 * on one machine: batches by size and window, maximum concurrency, partial batch responses. It begins at once. Unlike a
 * mapping without maximum concurrency it takes no batch before somebody is free to handle it, so waiting costs no delivery.
 * Projects that sent much are handled apart from the others, who would wait for them (see apart.ts), and rest when they have used more
 * than their part of the time (see TimeShares); nothing more of theirs is taken meanwhile. While batches fail, polling slows down (1 s,
 * 2 s, 4 s … 10 s) to few messages at a time, one batch after the other: the backlog stays where it is, untried. The first success
 * ends that.
 */
export function createPoller(options: PollerOptions): Poller {
  const {
    queue,
    visibilityMs,
    onError,
    isPaused = () => Promise.resolve(false),
    shares = createTimeShares(),
  } = options;
  const wait = options.wait ?? ((ms, signal) => delay(ms, undefined, { signal }));
  const draining = new AbortController();
  const stopped = () => draining.signal.aborted;
  const light = createLane(options.maximumConcurrency);
  const heavy = createLane(options.maximumConcurrency);
  const own = createOwnTime(() => shares.now());
  /** Pieces that were taken, whose they are, and whether their turn has come. */
  const taken = new Set<Piece>();
  /** Projects that may have used more than their part. */
  const resting = new Set<string>();
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

  const rest = async (project: string): Promise<void> => {
    for (let ms; !stopped() && (ms = shares.restMs(project)) > 0;) await wait(ms, draining.signal).catch(() => {});
  };

  const runHeavy = async (piece: Piece): Promise<void> => {
    const { project } = piece;
    while (piece.isWaiting) {
      // Without a place: whoever rests must not keep others from theirs.
      await rest(project);
      await heavy.run(async () => {
        // Another piece of its own may have been handled meanwhile.
        if (!stopped() && shares.restMs(project) > 0) return;
        piece.isWaiting = false;
        const ownMs = await own.of(() => run(piece.messages));
        shares.charge(project, Math.min(ownMs, MOST_OWN_MS));
        resting.add(project);
      });
    }
  };
  const take = (messages: readonly ReceivedMessage[]): void => {
    const piece: Piece = { project: messages[0]?.group ?? "", messages, isWaiting: true, done: Promise.resolve() };
    taken.add(piece);
    piece.done = runHeavy(piece).finally(() => taken.delete(piece));
  };
  const waiting = () => [...taken].filter(({ isWaiting }) => isWaiting);
  /** Whose next messages stay in the queue. */
  const heldBack = (): string[] => {
    const those = new Set((heavy.isFull() ? [...taken] : waiting()).map(({ project }) => project));
    for (const project of resting) {
      if (shares.restMs(project) > 0) those.add(project);
      else resting.delete(project);
    }
    return [...those];
  };

  const poll = async (): Promise<void> => {
    while (!stopped()) {
      await light.free();
      // A queue that cannot leave somebody out would fill the memory with what nobody is free for.
      while (waiting().length > MOST_WAITING && !stopped()) await wait(PAUSED_MS, draining.signal).catch(() => {});
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
        const except = heldBack();
        const batchSize = failures > 0 ? Math.min(options.batchSize, PROBE.messages) : options.batchSize;
        const batch = apart(await gather({ ...options, batchSize, except }, stopped));
        for (const { group } of [...batch.light, ...batch.heavy.flat()]) shares.note(group);
        if (batch.light.length > 0) void light.run(() => ahead(() => own.of(() => run(batch.light)).then(() => {})));
        for (const messages of batch.heavy) take(messages);
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
      await Promise.all([light.idle(), ...[...taken].map(({ done }) => done)]);
    },
  };
}
