import {
  currentExecution,
  eventAt,
  flatten,
  inStints,
  isEventId,
  isObject,
  type AcceptedEvent,
  type StoredEvent,
} from "@millrace/core";
import type { Candidate, Settled } from "./candidate.ts";
import type { Delivery } from "./decode.ts";
import type { Enricher } from "./enrich/enricher.ts";

/** A candidate that is ready for the store. */
export type Ready = Candidate & { readonly stored: StoredEvent };

export interface Prepared {
  readonly ready: readonly Ready[];
  /** Events that cannot be stored as they are; each only harms itself. */
  readonly settled: readonly Settled[];
}

/**
 * Enriches every event of the messages and gives it the form a store keeps: a few milliseconds at a time, since what is collected together
 * may be seconds of work, and on one machine requests are answered by the same thread.
 */
export async function prepare(deliveries: readonly Delivery[], enrich: Enricher): Promise<Prepared> {
  const ready: Ready[] = [];
  const settled: Settled[] = [];
  await inStints(placesIn(deliveries), ({ delivery, index }) => {
    const { envelope } = delivery;
    const ordinal = envelope.ordinals?.[index] ?? index;
    const candidate = { delivery, ordinal, accepted: eventAt(envelope, index) };
    try {
      ready.push({ ...candidate, stored: storedEvent(candidate, enrich) });
    } catch (thrown) {
      settled.push({ candidate, end: { kind: "rejected", reason: "unreadable", detail: detailOf(thrown) } });
    }
  });
  return { ready, settled };
}

/** Each event of each message. */
function* placesIn(
  deliveries: readonly Delivery[],
): Generator<{ readonly delivery: Delivery; readonly index: number }> {
  for (const delivery of deliveries) {
    for (let index = 0; index < delivery.envelope.events.length; index++) yield { delivery, index };
  }
}

/** @throws MalformedEvent, and what the enricher throws. */
function storedEvent({ delivery: { envelope }, ordinal, accepted }: Candidate, enrich: Enricher): StoredEvent {
  checkShape(accepted);
  const { context, properties } = enrich(accepted);
  const execution = currentExecution();
  return {
    project: envelope.project,
    batch: envelope.batch,
    ordinal,
    id: accepted.id,
    collection: accepted.collection,
    timestamp: accepted.timestamp,
    receivedAt: envelope.receivedAt,
    instance: envelope.instance,
    sequence: envelope.sequence,
    accepted: envelope.accepted,
    context: {
      ...context,
      ...(envelope.request && { execution_ingest: envelope.request.executionId }),
      ...(execution && { execution_collector: execution.id }),
    },
    properties,
    flat: flatten(properties),
  };
}

class MalformedEvent extends Error {
  override readonly name = "MalformedEvent";
}

/** Ingest checked all this; a message from another hand, or from a version with a fault, did not pass through that check. */
function checkShape(event: AcceptedEvent): void {
  if (!isObject(event)) throw new MalformedEvent("The event is not an object.");
  if (typeof event.id !== "string" || !isEventId(event.id)) throw new MalformedEvent("The event's id is malformed.");
  if (typeof event.collection !== "string" || event.collection === "") {
    throw new MalformedEvent("The event has no collection.");
  }
  if (!Number.isFinite(event.timestamp)) throw new MalformedEvent("The event has no timestamp.");
  if (!isObject(event.properties)) throw new MalformedEvent("The event's properties are not an object.");
  if (!isObject(event.context ?? {})) throw new MalformedEvent("The event's context is not an object.");
}

function detailOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "The event could not be read.";
  return thrown.cause instanceof Error ? `${thrown.message} (${thrown.cause.name})` : thrown.message;
}
