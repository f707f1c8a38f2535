import type { Catalogue, Clock, EventSink } from "@millrace/core";
import type { Executions } from "@millrace/ops";
import { admitProperties } from "./admission.ts";
import { append } from "./append.ts";
import type { Settled } from "./candidate.ts";
import { claimTokens, type UniquenessClaims } from "./claims.ts";
import { decode, type CollectMessage } from "./decode.ts";
import type { Enricher } from "./enrich/enricher.ts";
import { exceptionsOf, messagesToRetry, messagesWithExceptions } from "./outcomes.ts";
import { prepare } from "./stored-event.ts";
import { rounds } from "./suspects.ts";
import { causeOf, createTally, type Tally } from "./tally.ts";

export interface CollectorParts {
  readonly sink: EventSink;
  readonly catalogue: Pick<Catalogue, "admit">;
  readonly claims: UniquenessClaims;
  readonly enrich: Enricher;
  readonly clock: Clock;
  /** Records each call as one execution; without it nothing is recorded. */
  readonly executions?: Executions;
}

export interface CollectOptions {
  /** Milliseconds UTC. Nothing new is begun after it, and the store stops retrying: what is left is reported as failed. */
  readonly deadline: number;
  /** The platform's id of this invocation. */
  readonly requestId?: string;
  /**
   * Called with finished messages before a suspect is begun. Whoever can acknowledge early does it here: if the suspect kills
   * the process, the finished ones do not come back with it.
   */
  readonly finished?: (ids: readonly string[]) => Promise<void>;
}

/**
 * Takes messages off the queue into the store. Answers the ids of the messages that must come back; all others are done: every
 * event of theirs is stored or has its exception.
 * @throws AllMessagesFailed when none was done, so that alarms and the queue's back-off see it
 */
export type Collector = (messages: readonly CollectMessage[], options: CollectOptions) => Promise<{ failed: string[] }>;

/** Nothing could be done. The cause is the store's error, if it had one. */
export class AllMessagesFailed extends Error {
  override readonly name = "AllMessagesFailed";
}

/** The collector: decode, enrich, claim, admit, append, record exceptions, in rounds. */
export function createCollector(parts: CollectorParts): Collector {
  return async (messages, options) => {
    const tally = createTally(messages);
    const work = () => collect(parts, messages, options, tally);
    if (!parts.executions) return work();
    const { requestId } = options;
    return parts.executions.run(tally.source, work, requestId === undefined ? {} : { requestId });
  };
}

async function collect(
  parts: CollectorParts,
  messages: readonly CollectMessage[],
  { deadline, finished }: CollectOptions,
  tally: Tally,
): Promise<{ failed: string[] }> {
  const failed: string[] = [];
  const done: string[] = [];
  let cause: unknown;
  for (const round of rounds(messages)) {
    // Acknowledging early is a precaution: if it fails, the answer of this call still acknowledges them.
    if (done.length > 0) await finished?.(done.splice(0)).catch(() => {});
    const fate = parts.clock.now() < deadline ? await settleRound(parts, round, deadline, tally) : tooLate(round);
    cause ??= fate.cause;
    for (const { id } of round) (fate.failed.has(id) ? failed : done).push(id);
  }
  tally.label(failed.length);
  if (messages.length > 0 && failed.length === messages.length) {
    throw new AllMessagesFailed(`None of ${messages.length} messages could be collected.`, { cause });
  }
  return { failed };
}

interface Fate {
  readonly failed: ReadonlySet<string>;
  /** The error of whoever failed, for the log. */
  readonly cause?: unknown;
}

async function settleRound(
  { sink, catalogue, claims, enrich, clock }: CollectorParts,
  round: readonly CollectMessage[],
  deadline: number,
  tally: Tally,
): Promise<Fate> {
  const decoded = decode(round);
  tally.decoded(decoded, clock.now());
  const prepared = prepare(decoded.deliveries, enrich);
  const claimed = await claimTokens(prepared.ready, claims);
  const admitted = await admitProperties(claimed.ready, catalogue);
  const appended = await append(sink, admitted.ready, deadline);
  const settled = [...prepared.settled, ...claimed.settled, ...admitted.settled, ...appended];
  tally.settled(settled);
  const recorded = await recordExceptions(sink, settled);
  return {
    failed: new Set([...decoded.unreadable, ...messagesToRetry(settled), ...recorded.failed]),
    cause: causeOf(settled) ?? recorded.cause,
  };
}

/** Keeps what was not stored. Where that fails the messages must come back: acknowledging them would lose the trace. */
async function recordExceptions(sink: EventSink, settled: readonly Settled[]): Promise<Fate> {
  const exceptions = exceptionsOf(settled);
  if (exceptions.length === 0) return { failed: new Set() };
  try {
    await sink.recordExceptions(exceptions);
    return { failed: new Set() };
  } catch (cause) {
    return { failed: messagesWithExceptions(settled), cause };
  }
}

function tooLate(round: readonly CollectMessage[]): Fate {
  return { failed: new Set(round.map(({ id }) => id)), cause: new Error("There was no time left to begin.") };
}
