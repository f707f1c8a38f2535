import {
  deletableOf,
  flatten,
  indexDeletions,
  isObject,
  type AcceptedEvent,
  type DeletedProperties,
  type DeletionIndex,
  type Tombstones,
} from "@millrace/core";
import type { Candidate, End, Settled } from "./candidate.ts";
import type { Prepared, Ready } from "./stored-event.ts";

/** What is left, and what was deleted of the properties of each project. */
export interface Undeleted extends Prepared {
  readonly deletedProperties: (project: string) => DeletedProperties;
}

/**
 * Takes out the events that were deleted while they were on their way, before anything else is done for them: neither the catalogue
 * nor a uniqueness token shall remember them. Those that enrichment has rejected are looked at too: their exception would keep them
 * in their raw form. Properties are taken out as they will be stored, so that no add-on writes a deleted one again. Where the tombstones
 * cannot be read, that project's events are to be tried again, and only they.
 */
export async function withoutDeleted({ ready, settled }: Prepared, tombstones: Tombstones): Promise<Undeleted> {
  const candidates = [...ready, ...settled.map(({ candidate }) => candidate)];
  const projects = [...new Set(candidates.map(({ delivery }) => delivery.envelope.project))];
  const known = new Map<string, Known>();
  await Promise.all(projects.map(async (project) => known.set(project, await read(tombstones, project))));
  const endOf = (candidate: Candidate): End | undefined => {
    const { deletions, failure } = known.get(candidate.delivery.envelope.project) ?? UNKNOWN;
    if (failure) return failure;
    const deleted = deletions.size > 0 && deletions.takes(deletableOf(candidate.accepted, candidate.delivery.envelope));
    return deleted ? DELETED : undefined;
  };
  const deletedProperties = (project: string) => (known.get(project) ?? UNKNOWN).deletions.properties;
  const gone: Settled[] = [];
  const left = ready.flatMap((candidate) => {
    const end = endOf(candidate);
    if (end) gone.push({ candidate, end });
    return end ? [] : [withoutProperties(candidate, deletedProperties(candidate.stored.project))];
  });
  const ended = settled.map(({ candidate, end }) => ({
    candidate: withoutRaw(candidate, deletedProperties(candidate.delivery.envelope.project)),
    end: endOf(candidate) ?? end,
  }));
  return { ready: left, settled: [...gone, ...ended], deletedProperties };
}

function withoutProperties(candidate: Ready, deleted: DeletedProperties): Ready {
  if (deleted.size === 0) return candidate;
  const { stored } = candidate;
  const properties = deleted.left(stored, stored.properties);
  const kept = properties === stored.properties ? stored : { ...stored, properties, flat: flatten(properties) };
  return { ...withoutRaw(candidate, deleted), stored: kept };
}

/** Should the event be rejected: its exception keeps it as it was accepted. */
function withoutRaw<C extends Candidate>(candidate: C, deleted: DeletedProperties): C {
  if (deleted.size === 0) return candidate;
  const accepted: Partial<AcceptedEvent> | null = candidate.accepted;
  if (!isObject(accepted) || typeof accepted.collection !== "string" || !isObject(accepted.properties))
    return candidate;
  const { receivedAt } = candidate.delivery.envelope;
  const properties = deleted.left({ collection: accepted.collection, receivedAt }, accepted.properties);
  return properties === accepted.properties
    ? candidate
    : { ...candidate, accepted: { ...candidate.accepted, properties } };
}

/** What is known of a project's deletions, or why nothing is. */
interface Known {
  readonly deletions: DeletionIndex;
  readonly failure?: End;
}

const DELETED: End = { kind: "deleted" };
const NONE = indexDeletions();
const UNKNOWN: Known = { deletions: NONE };

async function read(tombstones: Tombstones, project: string): Promise<Known> {
  try {
    return { deletions: await tombstones.of(project) };
  } catch (cause) {
    return { deletions: NONE, failure: { kind: "retry", detail: "What was deleted could not be asked for.", cause } };
  }
}
