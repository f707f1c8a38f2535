import { ENVELOPE_VERSION, mintId, type AcceptedEvent, type Envelope } from "@millrace/core";
import type { CollectMessage } from "../decode.ts";

/** A Tuesday noon, milliseconds UTC: when the events of these tests happen. */
export const NOON = Date.UTC(2026, 2, 10, 12);

let minted = 0;

/** A well-formed accepted event; ids are never given out twice in one process. */
export function accepted(parts: Partial<AcceptedEvent> = {}): AcceptedEvent {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(4, ++minted);
  return { id: mintId(NOON, random), collection: "pageviews", timestamp: NOON, properties: {}, ...parts };
}

/** The body of one message with these events. Anything goes in as an event: some tests need what ingest would refuse. */
export function envelope(batch: string, events: readonly unknown[], parts: Partial<Envelope> = {}): Envelope {
  return {
    v: ENVELOPE_VERSION,
    batch,
    project: "p1",
    receivedAt: NOON + 500,
    instance: "instance-1",
    sequence: 1,
    accepted: events.length,
    request: {
      executionId: "ingest-1",
      function: "ingest",
      coldStart: false,
      durationMs: 1,
      route: "/v1/e",
      bytes: 100,
    },
    events: events as AcceptedEvent[],
    ...parts,
  };
}

/** A first delivery, its message id being the batch. */
export function message(of: Envelope, receiveCount = 1): CollectMessage {
  return { id: of.batch, body: JSON.stringify(of), receiveCount, sentAt: of.receivedAt };
}
