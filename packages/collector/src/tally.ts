import { currentExecution, spanOf, type Envelope } from "@millrace/core";
import { scrub, type QueueSource } from "@millrace/monitor";
import type { End, Settled } from "./candidate.ts";
import type { CollectMessage, Decoded } from "./decode.ts";

/** What the record of the execution will say about this call. */
export interface Tally {
  readonly source: QueueSource;
  readonly decoded: (decoded: Decoded, now: number) => void;
  readonly settled: (settled: readonly Settled[]) => void;
  /** Writes the sums as labels of the running execution. */
  readonly label: (failedMessages: number) => void;
}

/** Of each list, what the record names: as many as a function gets messages at once. A line must not grow with a batch of thousands. */
const NAMED = 100;

/** Counts what is in the messages and how their events ended. */
export function createTally(messages: readonly CollectMessage[]): Tally {
  const source: QueueSource & { events: number } = {
    kind: "queue",
    messages: messages.length,
    events: 0,
    oldestAgeMs: null,
    maxReceiveCount: messages.reduce((max, { receiveCount }) => Math.max(max, receiveCount), 0),
  };
  const projects = new Set<string>();
  const batches = new Set<string>();
  const traces = new Set<string>();
  const ends = new Map<End["kind"], number>();
  let unreadable = 0;
  let retryCause: unknown;
  return {
    source,
    decoded(decoded, now) {
      unreadable += decoded.unreadable.length;
      for (const { envelope } of decoded.deliveries) {
        source.events += envelope.events.length;
        if (projects.size < NAMED) projects.add(envelope.project);
        if (batches.size < NAMED) batches.add(envelope.batch);
        if (traces.size < NAMED) traces.add(senderOf(envelope));
        source.oldestAgeMs = Math.max(source.oldestAgeMs ?? 0, now - envelope.receivedAt);
      }
      source.projects = [...projects];
      source.batches = [...batches];
      source.traces = [...traces];
    },
    settled(settled) {
      for (const { end } of settled) ends.set(end.kind, (ends.get(end.kind) ?? 0) + 1);
      retryCause ??= causeOf(settled);
    },
    label(failedMessages) {
      const execution = currentExecution();
      for (const [kind, count] of ends) execution?.label(`events.${kind}`, count);
      execution?.label("messages.failed", failedMessages);
      if (unreadable > 0) execution?.label("messages.unreadable", unreadable);
      if (retryCause instanceof Error)
        execution?.label("retry.cause", scrub(`${retryCause.name}: ${retryCause.message}`));
    },
  };
}

/** The span of the run of ingest that sent a message. */
function senderOf({ batch, request }: Envelope): string {
  const { traceId, spanId } = spanOf(request?.executionId ?? batch, request?.trace);
  return `${traceId}-${spanId}`;
}

/** The first error that made an event come back. */
export function causeOf(settled: readonly Settled[]): unknown {
  for (const { end } of settled) if (end.kind === "retry" && end.cause !== undefined) return end.cause;
  return undefined;
}
