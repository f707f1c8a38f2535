import { hourOf, parseMessage, type ReceivedMessage } from "@millrace/core";

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
 * events it holds counts as one, received when it was sent: shown inexactly rather than not at all.
 */
export function countLetter({ body, group, sentAt }: Pick<ReceivedMessage, "body" | "group" | "sentAt">): LetterCount {
  const { receivedAt, events } = contentOf(body);
  return {
    project: group,
    hour: hourOf(typeof receivedAt === "number" && Number.isFinite(receivedAt) ? receivedAt : sentAt),
    events: Array.isArray(events) ? events.length : 1,
  };
}

function contentOf(body: string): { readonly receivedAt?: unknown; readonly events?: unknown } {
  try {
    const content = parseMessage(body);
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}
