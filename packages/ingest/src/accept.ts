import {
  asMillraceError,
  currentExecution,
  readTraceparent,
  ENVELOPE_VERSION,
  MillraceError,
  mintId,
  packContent,
  sealEnvelope,
  type Clock,
  type EnvelopeContent,
  type EnvelopeHead,
  type PackedContent,
  type PackedEvent,
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

/** Events of a request that could not be queued, although others of it were. */
export interface Unqueued {
  readonly events: readonly PackedEvent[];
  readonly error: MillraceError;
}

/** Puts the events of one request into the queue, as one message if they fit one, else as several. */
export interface Accept {
  /**
   * Resolves when the queue has them durably; only then may the client be told yes. No events, no message.
   * @returns what could not be queued: nothing, unless the request took several messages
   * @throws MillraceError when nothing was queued: `ServiceUnavailable` when the queue refuses, `RequestEntityTooLarge` for an event
   * that fits no message, and for a request that unpacks to more than anybody can hold
   */
  (acceptance: Acceptance): Promise<readonly Unqueued[]>;
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

  /** A number that no message has would be a message that was lost, and its events with it: nothing fails between here and the queue. */
  function messageOf({ project, receivedAt, route, bytes }: Acceptance, events: number, packed: PackedContent) {
    const batch = dashed(mintId(receivedAt, random(BATCH_ID_BYTES)));
    const execution = currentExecution();
    const trace = readTraceparent(execution?.traceparent)?.traceId;
    const head: EnvelopeHead = {
      v: ENVELOPE_VERSION,
      batch,
      project,
      receivedAt,
      instance,
      sequence: ++sequence,
      accepted: totals.offer(project, receivedAt, events),
      request: {
        executionId: execution?.id ?? batch,
        function: "ingest",
        coldStart: execution?.coldStart ?? false,
        durationMs: clock.now() - receivedAt,
        route,
        bytes,
        ...(trace !== undefined && { trace }),
      },
    };
    return { body: sealEnvelope(head, packed), group: project, accepted: { receivedAt, events } };
  }

  /** Halves what is too large packed, until it fits. What weighs too much unpacked is no matter of messages. */
  async function partsOf(content: EnvelopeContent): Promise<readonly Part[]> {
    const { events } = content;
    try {
      return [{ events, packed: await packContent(content) }];
    } catch (thrown) {
      const error = asMillraceError(thrown);
      const half = Math.ceil(events.length / 2);
      if (error.context["packedBytes"] === undefined) throw error;
      if (half === events.length) return [{ events, error }];
      const first = await partsOf({ ...content, events: events.slice(0, half) });
      return [...first, ...(await partsOf({ ...content, events: events.slice(half) }))];
    }
  }

  async function send(acceptance: Acceptance, { events, packed, error }: Part): Promise<Unqueued | undefined> {
    if (packed === undefined) return { events, error };
    try {
      await queue.send(messageOf(acceptance, events.length, packed));
      return undefined;
    } catch (cause) {
      const error = new MillraceError("ServiceUnavailable", "The events could not be queued. Send them again.", {
        cause,
        context: { events: events.length },
      });
      return { events, error };
    }
  }

  return async (acceptance) => {
    const count = acceptance.content.events.length;
    if (count === 0) return [];
    const parts = await partsOf(acceptance.content);
    const sent = await Promise.all(parts.map((part) => send(acceptance, part)));
    const unqueued = sent.filter((part) => part !== undefined);
    const [first] = unqueued;
    if (first && unqueued.length === parts.length) {
      const { code, message } = first.error;
      throw new MillraceError(code, message, { cause: first.error, context: { events: count } });
    }
    const execution = currentExecution();
    execution?.label("events", count - unqueued.reduce((sum, { events }) => sum + events.length, 0));
    execution?.label("project", acceptance.project);
    return unqueued;
  };
}

/** Some of a request's events: what their message holds, or why there can be none. */
type Part = { readonly events: readonly PackedEvent[] } & (
  | { readonly packed: PackedContent; readonly error?: undefined }
  | { readonly packed?: undefined; readonly error: MillraceError }
);

/** A UUID in its usual spelling. */
function dashed(id: string): string {
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}
