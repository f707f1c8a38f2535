import { inStints, readEnvelope, UnreadableMessage, type Envelope } from "@millrace/core";

/** One message as the queue handed it over. */
export interface CollectMessage {
  readonly id: string;
  readonly body: string;
  /** 1 on the first delivery, also on the first after a redrive. */
  readonly receiveCount: number;
  /** When it was put into the queue, milliseconds UTC. */
  readonly sentAt: number;
  /** It died in the queue and was put back, as far as the queue knows. */
  readonly redriven?: boolean;
}

/** A message that could be read, with what it holds. */
export interface Delivery {
  readonly id: string;
  readonly envelope: Envelope;
  /** Its events may have had an end before: they were delivered already, whatever the queue's count says, or are sent again. */
  readonly cameBefore: boolean;
}

/**
 * Ingest sends what it received within a few seconds. What was sent longer after that is no first sending: a dead letter that was moved
 * back, which SQS counts as a new message, or an hour of the archive. Where ingest was slower than this, a look for exceptions is made
 * for nothing; if it were much longer, a replay that follows soon would leave two ends of one event.
 */
const SENT_WITHIN_MS = 5_000;

export interface Decoded {
  readonly deliveries: readonly Delivery[];
  /** Ids of messages this code cannot read. They go to the dead letters as they are, where newer code finds them. */
  readonly unreadable: readonly string[];
}

/** Reads messages one by one, with turns of others between them: an unreadable one never harms the others. */
export async function decode(messages: readonly CollectMessage[]): Promise<Decoded> {
  const deliveries: Delivery[] = [];
  const unreadable: string[] = [];
  await inStints(messages, async (message) => {
    const { id } = message;
    const envelope = await read(message.body);
    if (envelope) deliveries.push({ id, envelope, cameBefore: cameBefore(message, envelope) });
    else unreadable.push(id);
  });
  return { deliveries, unreadable };
}

function cameBefore(
  { receiveCount, redriven = false, sentAt }: CollectMessage,
  { receivedAt, ordinals }: Envelope,
): boolean {
  return receiveCount > 1 || redriven || ordinals !== undefined || sentAt - receivedAt > SENT_WITHIN_MS;
}

async function read(body: string): Promise<Envelope | undefined> {
  try {
    const envelope = await readEnvelope(body);
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
