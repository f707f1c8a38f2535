import { deletableOf, indexDeletions, type DeletionIndex, type Tombstones } from "@millrace/core";
import type { Candidate, End, Settled } from "./candidate.ts";
import type { Prepared } from "./stored-event.ts";

/**
 * Takes out the events that were deleted while they were on their way, before anything else is done for them: neither the catalogue
 * nor a uniqueness token shall remember them. Those that enrichment has rejected are looked at too: their exception would keep them
 * in their raw form. Where the tombstones cannot be read, that project's events are to be tried again, and only they.
 */
export async function withoutDeleted({ ready, settled }: Prepared, tombstones: Tombstones): Promise<Prepared> {
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
  const gone: Settled[] = [];
  const left = ready.filter((candidate) => {
    const end = endOf(candidate);
    if (end) gone.push({ candidate, end });
    return !end;
  });
  return {
    ready: left,
    settled: [...gone, ...settled.map((each) => ({ ...each, end: endOf(each.candidate) ?? each.end }))],
  };
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
