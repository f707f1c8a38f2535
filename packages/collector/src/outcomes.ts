import {
  DUPLICATES_AT,
  hourOf,
  type ArrivalsRow,
  type Exception,
  type RetryCause,
  type EarlierException,
} from "@millrace/core";
import type { Candidate, End, Settled } from "./candidate.ts";
import { longerOf } from "./retry-delay.ts";

/**
 * The exceptions that events leave which were not stored; those to be tried again and those stored leave none. Duplicates of a batch
 * leave one for each reason; of a batch of which only some events were sent again, one each: what is known of the others stays.
 */
export function exceptionsOf(settled: readonly Settled[]): Exception[] {
  const exceptions: Exception[] = [];
  // By place: a message may be in the queue twice, and both of it come at once.
  const duplicates = new Map<string, Map<number, Exception>>();
  for (const { candidate, end } of settled) {
    const what = exceptionParts(candidate, end);
    if (!what) continue;
    const exception = { ...keyOf(candidate), ...what };
    if (what.outcome !== "duplicate" || isReplay(candidate)) exceptions.push(exception);
    else {
      const key = JSON.stringify([exception.batch, exception.reason]);
      const those = duplicates.get(key) ?? new Map<number, Exception>();
      duplicates.set(key, those.set(exception.ordinal, exception));
    }
  }
  return [...exceptions, ...[...duplicates.values()].flatMap((those) => asOne([...those.values()]))];
}

/** Duplicates of one batch and reason as one exception; its collection is theirs, or none where they have several. */
function asOne(duplicates: readonly Exception[]): Exception[] {
  const [first] = duplicates;
  if (!first) return [];
  const ordinal = first.reason === "id" ? DUPLICATES_AT.id : DUPLICATES_AT["uniqueness-token"];
  const collection = duplicates.every((each) => each.collection === first.collection) ? first.collection : "";
  const detail = `${first.detail} Events ${ranges(duplicates.map((each) => each.ordinal))} of the batch.`;
  return [{ ...first, ordinal, collection, detail, count: duplicates.length }];
}

/** Whole numbers as a person writes them down: 0-17, 23. */
function ranges(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
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

/**
 * What an earlier delivery of these messages may have recorded and is no longer true: of each event whose end is known now, and of
 * the duplicates of each batch that came again as a whole, who may be others by now.
 */
export function recordedBefore(settled: readonly Settled[]): EarlierException[] {
  const events = settled.filter(({ candidate, end }) => candidate.delivery.cameBefore && end.kind !== "retry");
  const whole = events.filter(({ candidate }) => !isReplay(candidate));
  const batches = new Map(whole.map(({ candidate: { delivery } }) => [delivery.id, delivery.envelope]));
  return [
    ...events.map(({ candidate: { delivery, ordinal } }) => {
      const { batch, receivedAt } = delivery.envelope;
      return { batch, ordinal, receivedAt };
    }),
    ...[...batches.values()].flatMap(({ batch, receivedAt }) =>
      Object.values(DUPLICATES_AT).map((ordinal) => ({ batch, ordinal, receivedAt })),
    ),
  ];
}

function isReplay({ delivery }: Candidate): boolean {
  return delivery.envelope.ordinals !== undefined;
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
