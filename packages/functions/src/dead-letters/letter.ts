import { hourOf, parseMessage, REPLAY_VERSION, type ReceivedMessage } from "@millrace/core";

/** What the ledger wants to know of a dead letter. */
export interface LetterCount {
  /** The message's group; empty when somebody sent it by hand. */
  readonly project: string;
  /** Start of the UTC hour its events were received in, milliseconds. */
  readonly hour: number;
  readonly events: number;
}

/**
 * Reads as much of a letter as is readable, for it may be dead because this code cannot read it. What does not say how many
 * events it holds counts as one, received when it was sent: shown inexactly rather than not at all. Rejected events that were sent
 * again are still what they were.
 */
export function countLetter({ body, group, sentAt }: Pick<ReceivedMessage, "body" | "group" | "sentAt">): LetterCount {
  const { v, receivedAt, events } = contentOf(body);
  return {
    project: group,
    hour: hourOf(typeof receivedAt === "number" && Number.isFinite(receivedAt) ? receivedAt : sentAt),
    events: v === REPLAY_VERSION ? 0 : Array.isArray(events) ? events.length : 1,
  };
}

function contentOf(body: string): { readonly v?: unknown; readonly receivedAt?: unknown; readonly events?: unknown } {
  try {
    const content = parseMessage(body);
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}
