import {
  currentExecution,
  encodeEnvelope,
  ENVELOPE_VERSION,
  MillraceError,
  mintId,
  type Clock,
  type EnvelopeContent,
  type Queue,
  type RandomBytes,
} from "@millrace/core";
import { createRunningTotals } from "./running-totals.ts";

interface Acceptance {
  readonly project: string;
  /** Milliseconds UTC. */
  readonly receivedAt: number;
  /** The route's pattern, for the summary of this execution. */
  readonly route: string;
  /** Size of the request's body. */
  readonly bytes: number;
  readonly content: EnvelopeContent;
}

/** Puts the events of one request into the queue as one message. */
export interface Accept {
  /**
   * Resolves when the queue has them durably; only then may the client be told yes. No events, no message.
   * @throws MillraceError `RequestEntityTooLarge` when they do not fit one message, `ServiceUnavailable` when the queue refuses
   */
  (acceptance: Acceptance): Promise<void>;
}

const BATCH_ID_BYTES = 10;

export function createAccept(deps: {
  queue: Pick<Queue, "send">;
  clock: Clock;
  random: RandomBytes;
  instance: string;
}): Accept {
  const { queue, clock, random, instance } = deps;
  let sequence = 0;
  const totals = createRunningTotals();

  return async ({ project, receivedAt, route, bytes, content }) => {
    const count = content.events.length;
    if (count === 0) return;
    const batch = dashed(mintId(receivedAt, random(BATCH_ID_BYTES)));
    const execution = currentExecution();
    const body = encodeEnvelope({
      v: ENVELOPE_VERSION,
      batch,
      project,
      receivedAt,
      instance,
      sequence: ++sequence,
      accepted: totals.offer(project, receivedAt, count),
      request: {
        executionId: execution?.id ?? batch,
        function: "ingest",
        coldStart: execution?.coldStart ?? false,
        durationMs: clock.now() - receivedAt,
        route,
        bytes,
      },
      ...content,
    });
    const message = { body, group: project, accepted: { receivedAt, events: count } };
    try {
      await queue.send(message);
    } catch (cause) {
      throw new MillraceError("ServiceUnavailable", "The events could not be queued. Send them again.", {
        cause,
        context: { events: count },
      });
    }
    execution?.label("events", count);
    execution?.label("project", project);
  };
}

/** A UUID in its usual spelling. */
function dashed(id: string): string {
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}
