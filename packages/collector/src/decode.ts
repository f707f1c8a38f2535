import { decodeEnvelope, UnreadableMessage, type Envelope } from "@millrace/core";

/** One message as the queue handed it over. */
export interface CollectMessage {
  readonly id: string;
  readonly body: string;
  /** 1 on the first delivery. */
  readonly receiveCount: number;
}

/** A message that could be read, with what it holds. */
export interface Delivery {
  readonly id: string;
  readonly envelope: Envelope;
  /** 1 on the first delivery. */
  readonly receiveCount: number;
}

export interface Decoded {
  readonly deliveries: readonly Delivery[];
  /** Ids of messages this code cannot read. They go to the dead letters as they are, where newer code finds them. */
  readonly unreadable: readonly string[];
}

/** Reads messages one by one: an unreadable one never harms the others. */
export function decode(messages: readonly CollectMessage[]): Decoded {
  const deliveries: Delivery[] = [];
  const unreadable: string[] = [];
  for (const { id, body, receiveCount } of messages) {
    const envelope = read(body);
    if (envelope) deliveries.push({ id, envelope, receiveCount });
    else unreadable.push(id);
  }
  return { deliveries, unreadable };
}

function read(body: string): Envelope | undefined {
  try {
    const envelope = decodeEnvelope(body);
    return isComplete(envelope) ? envelope : undefined;
  } catch (thrown) {
    if (thrown instanceof UnreadableMessage) return undefined;
    throw thrown;
  }
}

/** What every stored event and exception is keyed by: without it not even an exception could be recorded. */
function isComplete(envelope: Envelope): boolean {
  return (
    typeof envelope.batch === "string" &&
    typeof envelope.project === "string" &&
    Number.isFinite(envelope.receivedAt) &&
    typeof envelope.instance === "string" &&
    Number.isFinite(envelope.sequence) &&
    Number.isFinite(envelope.accepted)
  );
}
