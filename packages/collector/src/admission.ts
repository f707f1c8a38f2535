import {
  identityTime,
  inStints,
  monthOf,
  moveToOverflow,
  propertyKinds,
  type Catalogue,
  type DeletedProperties,
  type PropertyKind,
  type PropertySighting,
  type SightingMonths,
} from "@millrace/core";
import type { Prepared, Ready } from "./stored-event.ts";

/** Events that one question to the catalogue is about: of one project, and in the same months. */
interface Group {
  readonly project: string;
  readonly when: SightingMonths;
  readonly events: Ready[];
}

/**
 * Asks the catalogue which property names are typed, project by project, and moves the others of each event into its overflow
 * tokens. Where the catalogue cannot be asked, that project's events are to be tried again, and only they.
 * @param deletedProperties of a project: a name that is used again after its deletion is in the schema again
 */
export async function admitProperties(
  ready: readonly Ready[],
  catalogue: Pick<Catalogue, "admit">,
  deletedProperties: (project: string) => DeletedProperties,
): Promise<Prepared> {
  const failed = new Map<string, unknown>();
  await Promise.all(
    groupsOf(ready).map(async ({ project, when, events }) => {
      try {
        const collections = [...new Set(events.map(({ stored }) => stored.collection))];
        const sightings = await sightingsOf(events, deletedProperties(project));
        const admission = await catalogue.admit(project, sightings, when, collections);
        const admits = (path: string, kind: PropertyKind) => admission.admits(path, kind);
        // Nearly always every name is admitted, and no event needs to be looked at again.
        if (sightings.every(({ path, kind }) => admits(path, kind))) return;
        await inStints(events, ({ stored }) => void moveToOverflow(stored.flat, admits));
      } catch (cause) {
        failed.set(project, cause);
      }
    }),
  );
  const { admitted = [], left = [] } = Object.groupBy(ready, ({ stored }) =>
    failed.has(stored.project) ? "left" : "admitted",
  );
  return {
    ready: admitted,
    settled: left.map((candidate) => ({
      candidate,
      end: {
        kind: "retry",
        detail: "The property catalogue could not be asked.",
        cause: failed.get(candidate.stored.project),
      },
    })),
  };
}

/** Nearly always one per project: events of another month are late. */
function groupsOf(ready: readonly Ready[]): Group[] {
  const groups = new Map<string, Map<string, Group>>();
  for (const each of ready) {
    const { project, id, timestamp } = each.stored;
    const when = { identity: monthOf(identityTime(id)), timestamp: monthOf(timestamp) };
    const months = groups.get(project) ?? new Map<string, Group>();
    groups.set(project, months);
    const key = `${when.identity} ${when.timestamp}`;
    const group = months.get(key) ?? { project, when, events: [] };
    months.set(key, group);
    group.events.push(each);
  }
  return [...groups.values()].flatMap((months) => [...months.values()]);
}

/** Every collection, path and kind of the events, once. Nested sets: making a key of the three costs more than all the rest. */
async function sightingsOf(events: readonly Ready[], deleted: DeletedProperties): Promise<PropertySighting[]> {
  const collections = new Map<string, Record<PropertyKind, Set<string>>>();
  const sightings: PropertySighting[] = [];
  await inStints(events, ({ stored }) => {
    const { collection } = stored;
    let seen = collections.get(collection);
    if (!seen) {
      seen = { string: new Set(), number: new Set(), boolean: new Set(), json: new Set(), null: new Set() };
      collections.set(collection, seen);
    }
    for (const [path, kind] of propertyKinds(stored.flat)) {
      if (seen[kind].has(path)) continue;
      seen[kind].add(path);
      sightings.push({ collection, path, kind, ...(deleted.size > 0 && { after: deleted.newest(collection, path) }) });
    }
  });
  return sightings;
}
