import {
  asMillraceError,
  currentExecution,
  encodeEnvelope,
  REPLAY_VERSION,
  sideBySide,
  type OutgoingMessage,
  type PackedEvent,
  type Queue,
  type RejectedEvent,
  type RejectedPlace,
  type RejectedSource,
} from "@millrace/core";
import { rejectedPages, type UseStore } from "./find-rejected.ts";
import type { RejectedSearch } from "./read-rejected.ts";

export interface ReplayParts {
  readonly source: Pick<RejectedSource, "rejectedEvents">;
  readonly queue: Pick<Queue, "send">;
  readonly use: UseStore;
  /** True when no further page should be begun. */
  readonly isLate: () => boolean;
}

export interface RejectedReplay {
  readonly found: number;
  /** Of them, those whose raw form is gone: nothing of them can be sent. */
  readonly withoutRaw: number;
  /** In the queue again; 0 in a dry run. */
  readonly sent: number;
  /** Where to go on; absent when all were seen. */
  readonly after?: RejectedPlace;
}

const SENDS_AT_ONCE = 16;

/**
 * Sends rejected events through the pipeline again, each with the provenance and the receipt that it has: it is stored once, however
 * often it is sent, and what stands in the ledger as rejected becomes stored where the reason is mended. Before that nothing changes.
 * @param send false: only counts what there is
 * @throws MillraceError when the queue refuses: what was sent until then is sent
 */
export async function replayRejected(
  { source, queue, use, isLate }: ReplayParts,
  search: RejectedSearch,
  { send, after: from }: { readonly send: boolean; readonly after?: RejectedPlace | undefined },
): Promise<RejectedReplay> {
  let [found, withoutRaw, sent] = [0, 0, 0];
  for await (const { events, last } of rejectedPages(source, use, search, from)) {
    const kept = events.filter(({ raw }) => raw !== null);
    found += events.length;
    withoutRaw += events.length - kept.length;
    if (send) {
      const messages = await messagesOf(search.query.project, kept);
      await sideBySide(messages, SENDS_AT_ONCE, (message) => queue.send(message));
      sent += kept.length;
    }
    if (isLate()) return { found, withoutRaw, sent, after: last };
  }
  return { found, withoutRaw, sent };
}

/** One message for the events of each request, as they lie together in a page. */
async function messagesOf(project: string, events: readonly RejectedEvent[]): Promise<OutgoingMessage[]> {
  const requests = Map.groupBy(events, ({ batch, receivedAt }) => `${receivedAt} ${batch}`);
  const messages: OutgoingMessage[] = [];
  for (const its of requests.values()) messages.push(...(await inMessages(project, its)));
  return messages;
}

/** Halves what is too large for one message: events that came packed well need not be so in each other's company. */
async function inMessages(project: string, events: readonly RejectedEvent[]): Promise<OutgoingMessage[]> {
  try {
    return [await messageOf(project, events)];
  } catch (thrown) {
    if (asMillraceError(thrown).code !== "RequestEntityTooLarge" || events.length === 1) throw thrown;
    const half = Math.ceil(events.length / 2);
    const first = await inMessages(project, events.slice(0, half));
    return [...first, ...(await inMessages(project, events.slice(half)))];
  }
}

async function messageOf(project: string, events: readonly RejectedEvent[]): Promise<OutgoingMessage> {
  const { batch = "", receivedAt = 0 } = events[0] ?? {};
  const execution = currentExecution();
  const body = await encodeEnvelope({
    v: REPLAY_VERSION,
    batch,
    project,
    receivedAt,
    // They were counted when they were accepted: this sender has no total of its own.
    instance: "replay",
    sequence: 0,
    accepted: 0,
    request: {
      executionId: execution?.id ?? batch,
      function: "manage",
      coldStart: execution?.coldStart ?? false,
      durationMs: 0,
      route: "replay",
      bytes: 0,
    },
    ordinals: events.map(({ ordinal }) => ordinal),
    events: events.map(({ raw }) => JSON.parse(raw ?? "null") as PackedEvent),
  });
  return { body, group: project, accepted: { receivedAt, events: 0 } };
}
