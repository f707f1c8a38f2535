/** The queue port: what SQS standard queues promise, no more. Delivery is at least once and in no strict order. */
export interface Queue {
  /**
   * Resolves when the queue has the message durably: only then may a 2xx be sent (G1).
   * @throws MillraceError `ServiceUnavailable` when the queue refuses or cannot be reached.
   */
  send(message: OutgoingMessage): Promise<void>;
  /** Up to `max` messages, invisible to others for `visibilityMs`. Waits up to `waitMs` for the first one. */
  receive(options: ReceiveOptions): Promise<ReceivedMessage[]>;
  /** Deletes. A stale receipt is ignored. */
  ack(receipts: readonly string[]): Promise<void>;
  /** Makes messages visible again after `delayMs`. */
  nack(receipts: readonly string[], delayMs: number): Promise<void>;
  /** Keeps messages invisible for `visibilityMs` from now. */
  extend(receipts: readonly string[], visibilityMs: number): Promise<void>;
  /**
   * Moves messages to the dead letters as they are, now instead of after their last delivery: for what no further try can change.
   * None is deleted before it is a dead letter, so a crash in between leaves it twice rather than never.
   * @throws MillraceError `ServiceUnavailable` when there are no dead letters, or they cannot be reached.
   */
  bury(messages: readonly ReceivedMessage[]): Promise<void>;
  stats(): Promise<QueueStats>;
  close(): Promise<void>;
}

export interface OutgoingMessage {
  readonly body: string;
  /** The project: fair queueing, so that a noisy tenant does not hold up the others (SQS MessageGroupId). */
  readonly group: string;
  /** What the message means for the accepted counters; an embedded queue adds it in the same transaction. */
  readonly accepted: { readonly receivedAt: number; readonly events: number };
}

export interface ReceiveOptions {
  readonly max: number;
  /**
   * Stops after the message with which they unpack to this many bytes ({@link import("../event/message-weight.ts").messageWeight}).
   * A queue that hands out few messages at a time (SQS: ten) need not look.
   */
  readonly maxBytes?: number;
  readonly visibilityMs: number;
  readonly waitMs?: number;
  /** Groups of which nothing is wanted now. A queue that cannot choose (SQS) gives messages of theirs all the same. */
  readonly except?: readonly string[];
}

export interface ReceivedMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly group: string;
  /** 1 on the first delivery, also on the first after a redrive. */
  readonly receiveCount: number;
  /** It was dead and was put back. Absent where the queue cannot tell: SQS takes it for a message that is sent at that time. */
  readonly redriven?: boolean;
  /** When it was sent, milliseconds UTC. */
  readonly sentAt: number;
}

export interface QueueStats {
  readonly visible: number;
  readonly inFlight: number;
  readonly dead: number;
  /** Age of the oldest message not yet deleted, milliseconds; null when empty. */
  readonly oldestAgeMs: number | null;
}
