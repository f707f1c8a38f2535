import type { Catalogue, Clock, EventSink, RetryCause, Tombstones, UniquenessClaims } from "@millrace/core";
import type { Executions, RunExecutionOptions } from "@millrace/monitor";
import { admitProperties } from "./admission.ts";
import { append } from "./append.ts";
import type { Settled } from "./candidate.ts";
import { claimTokens } from "./claims.ts";
import type { Deaths } from "./deaths.ts";
import { decode, type CollectMessage, type Delivery } from "./decode.ts";
import { withoutDeleted } from "./deleted.ts";
import type { Enricher } from "./enrich/enricher.ts";
import { createHeld, type GiveBack, type Held } from "./held.ts";
import {
  arrivalsOf,
  exceptionsOf,
  messagesToRetry,
  messagesWithExceptions,
  recordedBefore,
  type Arrival,
} from "./outcomes.ts";
import { prepare } from "./stored-event.ts";
import type { Progress } from "./progress.ts";
import { retryDelayMs, UNSAID } from "./retry-delay.ts";
import { rounds } from "./suspects.ts";
import { causeOf, createTally, type Tally } from "./tally.ts";
import { withinMemory } from "./weigh.ts";

export interface CollectorParts {
  readonly sink: EventSink;
  readonly catalogue: Pick<Catalogue, "admit">;
  readonly claims: UniquenessClaims;
  /** What was deleted and may still be on its way. */
  readonly tombstones: Tombstones;
  readonly enrich: Enricher;
  readonly clock: Clock;
  /** Told of what is worked on and of what comes back, so that the ledger knows which hours are over. */
  readonly progress?: Progress;
  /** Over which messages processes died; without it nobody is suspected. */
  readonly deaths?: Deaths;
  /**
   * Keeps the messages of a call as they came, from which a lost store is rebuilt. Runs beside the work; until it has resolved
   * nothing is acknowledged, and if it rejects everything comes back. Without it nothing is kept.
   */
  readonly archive?: (messages: readonly CollectMessage[]) => Promise<void>;
  /**
   * Notes the running totals of messages of which not every event was stored, for the ledger. A failure is not in the way: then a
   * difference may show where there is none.
   */
  readonly noteArrivals?: (arrivals: readonly Arrival[]) => Promise<void>;
  /** Records each call as one execution; without it nothing is recorded. */
  readonly executions?: Executions;
}

export interface CollectOptions {
  /** Milliseconds UTC. Nothing new is begun after it, and the store stops retrying: what is left is reported as failed. */
  readonly deadline: number;
  /** What the platform knows of this invocation, for its record. */
  readonly invocation?: RunExecutionOptions;
  /**
   * Called with finished messages before the next round is begun. Whoever can acknowledge early does it here: if the suspect kills
   * the process, the finished ones do not come back with it.
   */
  readonly finished?: (ids: readonly string[]) => Promise<void>;
  /**
   * Gives messages back that failed, to come again after a delay that their cause and the number of their tries decide. Without it
   * they come when whoever called gives them back, on AWS after the queue's whole visibility time. It is kept beyond the call, and
   * called again without a delay when their cause is over; so it should not hold on to their bodies.
   */
  readonly later?: GiveBack;
  /**
   * Moves messages that this code cannot read to the dead letters as they are, where newer code finds them. Without it, or when it
   * fails, they are reported as failed and get there after their last delivery.
   */
  readonly bury?: (ids: readonly string[]) => Promise<void>;
}

/**
 * Takes messages off the queue into the store. Answers the ids of the messages that must come back; all others are done: every
 * event of theirs is stored or has its exception, or the message is a dead letter.
 * @throws AllMessagesFailed when none was done, so that alarms and the queue's back-off see it. Messages that nobody can read
 * do not count: a lone one says nothing about the store, and slowing down for it would hold up the others.
 */
export type Collector = (messages: readonly CollectMessage[], options: CollectOptions) => Promise<{ failed: string[] }>;

/** Nothing could be done. The cause is the store's error, if it had one. */
export class AllMessagesFailed extends Error {
  override readonly name = "AllMessagesFailed";
}

/** The collector: decode, enrich, leave out what was deleted, claim, admit, append, record exceptions, in rounds. */
export function createCollector(parts: CollectorParts): Collector {
  const held = createHeld(parts.clock);
  return async (messages, options) => {
    const tally = createTally(messages);
    const work = () => collect({ ...parts, held }, messages, options, tally);
    if (!parts.executions) return work();
    return parts.executions.run(tally.source, work, options.invocation);
  };
}

async function collect(
  parts: CollectorParts & { readonly held: Held },
  messages: readonly CollectMessage[],
  options: CollectOptions,
  tally: Tally,
): Promise<{ failed: string[] }> {
  const archived = parts.archive ? attempt(parts.archive(messages)) : Promise.resolve(SUCCESS);
  const failed = new Map<string, RetryCause | undefined>();
  const done: string[] = [];
  let unreadable = 0;
  let cause: unknown;
  const returned = messages.filter(({ receiveCount }) => receiveCount > 1).map(({ id }) => id);
  const over = returned.length > 0 ? await parts.deaths?.over(returned) : undefined;
  for (const round of rounds(messages, over ?? NOBODY).flatMap((each) => withinMemory(each))) {
    if (done.length > 0 && (await archived).ok) {
      // Acknowledging early is a precaution: if it fails, the answer of this call still acknowledges them.
      await options.finished?.(done.splice(0)).catch(() => {});
    }
    const fate = parts.clock.now() < options.deadline ? await watched(parts, round, options, tally) : tooLate(round);
    cause ??= fate.cause;
    unreadable += fate.unreadable?.size ?? 0;
    for (const { id } of round) {
      if (fate.failed.has(id) || fate.unreadable?.has(id)) failed.set(id, fate.failed.get(id));
      else done.push(id);
    }
  }
  const kept = await archived;
  if (!kept.ok) {
    tally.label(messages.length);
    await comeBackLater(
      messages,
      new Map([...done.map((id) => [id, undefined] as const), ...failed]),
      options,
      parts.held,
    );
    throw new AllMessagesFailed(`${messages.length} messages could not be archived.`, { cause: kept.cause });
  }
  tally.label(failed.size);
  const through = messages.filter(({ id }) => !failed.has(id)).map(({ id }) => id);
  await parts.held.through(through, new Set([...failed.values()].map((why = UNSAID) => why)));
  await comeBackLater(messages, failed, options, parts.held);
  if (failed.size === messages.length && failed.size > unreadable) {
    throw new AllMessagesFailed(`None of ${messages.length} messages could be collected.`, { cause });
  }
  return { failed: [...failed.keys()] };
}

type Attempt = { readonly ok: true } | { readonly ok: false; readonly cause: unknown };

const SUCCESS: Attempt = { ok: true };

/** How `work` ended. It may fail long before anybody looks, which must not be an unhandled rejection. */
async function attempt(work: Promise<void>): Promise<Attempt> {
  try {
    await work;
    return SUCCESS;
  } catch (cause) {
    return { ok: false, cause };
  }
}

const NOBODY: ReadonlyMap<string, number> = new Map();

/** A round under a note that says so, if one of its messages was here before: should it kill us, the next one knows which it was. */
async function watched(
  parts: CollectorParts,
  round: readonly CollectMessage[],
  options: CollectOptions,
  tally: Tally,
): Promise<Fate> {
  const again = round.filter(({ receiveCount }) => receiveCount > 1).map(({ id }) => id);
  const ended = again.length > 0 ? await parts.deaths?.begin(again, options.deadline) : undefined;
  try {
    return await settleRound(parts, round, options, tally);
  } finally {
    await ended?.();
  }
}

/** A failure here only means that they come back when their time with us is over. */
async function comeBackLater(
  messages: readonly CollectMessage[],
  failed: ReadonlyMap<string, RetryCause | undefined>,
  { later }: CollectOptions,
  held: Held,
): Promise<void> {
  if (!later || failed.size === 0) return;
  const byDelay = new Map<number, string[]>();
  for (const { id, receiveCount } of messages) {
    if (!failed.has(id)) continue;
    const why = failed.get(id) ?? UNSAID;
    const delayMs = retryDelayMs(receiveCount, why);
    held.note([id], why, delayMs, later);
    byDelay.set(delayMs, [...(byDelay.get(delayMs) ?? []), id]);
  }
  await Promise.all([...byDelay].map(([delayMs, ids]) => later(ids, delayMs))).catch(() => {});
}

interface Fate {
  /** Those that come back, and why, as far as the store says. */
  readonly failed: ReadonlyMap<string, RetryCause | undefined>;
  /** Those that nobody could read and that are still in the queue. */
  readonly unreadable?: ReadonlySet<string>;
  /** The error of whoever failed, for the log. */
  readonly cause?: unknown;
}

async function settleRound(
  { sink, catalogue, claims, tombstones, enrich, clock, noteArrivals, progress }: CollectorParts,
  round: readonly CollectMessage[],
  { deadline, bury }: CollectOptions,
  tally: Tally,
): Promise<Fate> {
  const decoded = await decode(round);
  tally.decoded(decoded, clock.now());
  progress?.saw(receiptsOf(decoded.deliveries));
  const unreadable = await buryUnreadable(decoded.unreadable, bury);
  const prepared = await prepare(decoded.deliveries, enrich);
  const kept = await withoutDeleted(prepared, tombstones);
  const claimed = await claimTokens(kept.ready, claims);
  const admitted = await admitProperties(claimed.ready, catalogue, kept.deletedProperties);
  const appended = await append(sink, admitted.ready, deadline - timeForExceptions(deadline - clock.now()));
  const settled = [...kept.settled, ...claimed.settled, ...admitted.settled, ...appended];
  tally.settled(settled);
  const arrivals = arrivalsOf(settled);
  const [recorded] = await Promise.all([
    recordExceptions(sink, settled, deadline),
    arrivals.length > 0 ? noteArrivals?.(arrivals).catch(() => {}) : undefined,
  ]);
  const back = new Map([...recorded.failed, ...messagesToRetry(settled)]);
  progress?.left(receiptsOf(decoded.deliveries.filter(({ id }) => back.has(id))));
  return {
    failed: back,
    unreadable,
    cause: causeOf(settled) ?? recorded.cause,
  };
}

function receiptsOf(deliveries: readonly Delivery[]): number[] {
  return deliveries.map(({ envelope }) => envelope.receivedAt);
}

/**
 * What an append leaves of the time: one that waits for the store to the very end would keep the exceptions of other messages from
 * being written, on every delivery.
 */
function timeForExceptions(left: number): number {
  return Math.min(EXCEPTIONS_MS, Math.max(0, left) / 10);
}

const EXCEPTIONS_MS = 2_000;

/** The ids that could not be buried and so come back. */
async function buryUnreadable(ids: readonly string[], bury: CollectOptions["bury"]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { ok } = bury ? await attempt(bury(ids)) : { ok: false };
  return new Set(ok ? [] : ids);
}

/**
 * Keeps what was not stored, in place of what an earlier delivery has kept. Where that fails the messages must come back: acknowledging
 * them would lose the trace.
 */
async function recordExceptions(sink: EventSink, settled: readonly Settled[], deadline: number): Promise<Fate> {
  const exceptions = exceptionsOf(settled);
  const before = recordedBefore(settled);
  const failed = new Map<string, undefined>();
  let cause: unknown;
  try {
    if (before.length > 0) await sink.withdrawExceptions(before, { deadline });
  } catch (thrown) {
    cause = thrown;
    for (const { candidate } of settled)
      if (candidate.delivery.cameBefore) failed.set(candidate.delivery.id, undefined);
  }
  try {
    if (exceptions.length > 0) await sink.recordExceptions(exceptions, { deadline });
  } catch (thrown) {
    cause ??= thrown;
    for (const id of messagesWithExceptions(settled)) failed.set(id, undefined);
  }
  return { failed, cause };
}

function tooLate(round: readonly CollectMessage[]): Fate {
  const failed = new Map(round.map(({ id }) => [id, "late" as const]));
  return { failed, cause: new Error("There was no time left to begin.") };
}
