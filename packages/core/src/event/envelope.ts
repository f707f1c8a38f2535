import { isObject } from "../values/json.ts";
import type { AcceptedEvent, PackedEvent, SharedContext } from "./event.ts";

/** The version of a request's messages; 1 is read too, where every event carries its whole context. */
export const ENVELOPE_VERSION = 2;

/** That of messages that hold some events of a request, sent again: who does not know of `ordinals` must not guess them. */
export const REPLAY_VERSION = 3;

/** One request is one message, or several where one cannot hold it. */
export interface Envelope extends EnvelopeHead, EnvelopeContent {}

/** Whose events they are, and where they came in. */
export interface EnvelopeHead {
  v: typeof ENVELOPE_VERSION | typeof REPLAY_VERSION;
  /** UUIDv7 made at ingest; with an event's ordinal it is the event's provenance. */
  batch: string;
  project: string;
  /** Milliseconds UTC. */
  receivedAt: number;
  /**
   * The ingest instance, the number of this message there, and how many events of this project and hour of receipt it has offered to
   * the queue up to this message, its own and refused ones included. It only grows, whatever is sent at the same time.
   */
  instance: string;
  sequence: number;
  accepted: number;
  request: RequestSummary;
}

/**
 * The events of a request. What they share stands here once: copied into each of 500 events, a context of some kilobytes makes
 * megabytes of a request of one. {@link eventAt} puts it together again, one event at a time.
 */
export interface EnvelopeContent {
  /** What all of them share. */
  readonly shared?: SharedContext;
  /** The pages they happened on. */
  readonly pages?: readonly SharedContext[];
  /** The visits they belong to. */
  readonly visits?: readonly SharedContext[];
  readonly events: readonly PackedEvent[];
  /**
   * The places of the events in the request they came with, of {@link REPLAY_VERSION} alone: they had their end before, and their
   * identity stays the same. Absent: 0, 1, 2 and so on.
   */
  readonly ordinals?: readonly number[];
}

/** Ingest's own execution, which rides in the message instead of being written apart. */
export interface RequestSummary {
  executionId: string;
  function: string;
  coldStart: boolean;
  durationMs: number;
  route: string;
  bytes: number;
  /** Of a caller that has a trace; absent: the execution's own. */
  trace?: string;
}

/** One event of an envelope with everything it shares put back into it. What is no object is answered as it is. */
export function eventAt(envelope: EnvelopeContent, ordinal: number): AcceptedEvent {
  const packed = envelope.events[ordinal];
  // The queue's text is not ours alone to write; whoever stores the event will find that it is none.
  if (!isObject(packed)) return packed as unknown as AcceptedEvent;
  const { page, visit, ...event } = packed;
  const shared = [
    envelope.shared,
    page === undefined ? undefined : envelope.pages?.[page],
    visit === undefined ? undefined : envelope.visits?.[visit],
  ].filter((part) => part !== undefined);
  if (shared.length === 0) return event;
  const context = Object.assign({}, ...shared.map((part) => part.context), event.context);
  const raw = Object.assign({}, ...shared.map((part) => part.raw), event.raw);
  return { ...event, context, raw };
}
