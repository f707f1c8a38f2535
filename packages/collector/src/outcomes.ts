import { hourOf, type ArrivalsRow, type Exception, type RetryCause, type StoredLate } from "@millrace/core";
import type { Candidate, End, Settled } from "./candidate.ts";
import { longerOf } from "./retry-delay.ts";

/** The exceptions that events leave which were not stored; those to be tried again and those stored leave none. */
export function exceptionsOf(settled: readonly Settled[]): Exception[] {
  return settled.flatMap(({ candidate, end }) => {
    const what = exceptionParts(candidate, end);
    return what ? [{ ...keyOf(candidate), ...what }] : [];
  });
}

/**
 * Ids of the messages with an event that is to be tried again, and why, as far as the store says: the whole message comes back, what
 * was done is recognised.
 */
export function messagesToRetry(settled: readonly Settled[]): Map<string, RetryCause | undefined> {
  const messages = new Map<string, RetryCause | undefined>();
  for (const { candidate, end } of settled) {
    if (end.kind !== "retry") continue;
    const { id } = candidate.delivery;
    messages.set(id, longerOf(messages.get(id), end.because));
  }
  return messages;
}

/** Ids of the messages that have an exception to record. */
export function messagesWithExceptions(settled: readonly Settled[]): Set<string> {
  const withParts = settled.filter(({ candidate, end }) => exceptionParts(candidate, end) !== undefined);
  return new Set(withParts.map(({ candidate }) => candidate.delivery.id));
}

/** The events that are stored, of messages that were delivered before: an exception of then is no longer true. */
export function storedLate(settled: readonly Settled[]): StoredLate[] {
  return settled
    .filter(({ candidate, end }) => {
      const isStored = end.kind === "stored" || end.kind === "own-retry";
      return isStored && candidate.delivery.receiveCount > 1;
    })
    .map(({ candidate: { delivery, ordinal } }) => {
      const { batch, receivedAt } = delivery.envelope;
      return { batch, ordinal, receivedAt };
    });
}

/** The running total of an ingest instance, as a message brought it here. */
export interface Arrival extends ArrivalsRow {
  readonly project: string;
}

/** The newest totals of the messages that have an exception to record: what is not stored cannot tell of its instance. */
export function arrivalsOf(settled: readonly Settled[]): Arrival[] {
  const newest = new Map<string, Arrival>();
  for (const { candidate, end } of settled) {
    if (!exceptionParts(candidate, end)) continue;
    const { project, instance, receivedAt, accepted } = candidate.delivery.envelope;
    const arrival = { project, instance, hour: hourOf(receivedAt), accepted };
    const key = JSON.stringify([project, instance, arrival.hour]);
    if ((newest.get(key)?.accepted ?? -1) < accepted) newest.set(key, arrival);
  }
  return [...newest.values()];
}

type Parts = Pick<Exception, "outcome" | "reason" | "detail" | "raw">;

function exceptionParts({ accepted }: Candidate, end: End): Parts | undefined {
  switch (end.kind) {
    case "stored":
    case "own-retry":
    case "retry":
      return undefined;
    case "duplicate":
      return { outcome: "duplicate", reason: "id", detail: "An event with this id is stored already.", raw: null };
    case "duplicate-token":
      return {
        outcome: "duplicate",
        reason: "uniqueness-token",
        detail: "An event with this uniqueness token is stored already.",
        raw: null,
      };
    case "rejected":
      return { outcome: "rejected", reason: end.reason, detail: end.detail, raw: JSON.stringify(accepted) };
    case "deleted":
      return { outcome: "deleted", reason: "tombstone", detail: "It was deleted before it was stored.", raw: null };
    case "expired":
      return { outcome: "expired", reason: "retention", detail: "It is older than the retention time.", raw: null };
  }
}

function keyOf({ delivery: { envelope }, ordinal, accepted }: Candidate) {
  return {
    project: envelope.project,
    batch: envelope.batch,
    ordinal,
    // A malformed event may have none, or not even be an object.
    collection: typeof accepted?.collection === "string" ? accepted.collection : "",
    receivedAt: envelope.receivedAt,
  };
}
