import {
  indexDeletedProperties,
  indexDeletions,
  mintId,
  TOMBSTONE_CACHE_MS,
  type Clock,
  type DeletedProperties,
  type DeleteWhere,
  type GrowingDeletionIndex,
  type PropertyDeletion,
  type PropertyTombstone,
  type RandomBytes,
  type Registry,
  type Tombstone,
  type Tombstones,
} from "@millrace/core";
import { createBoundedCache } from "../bounded-cache.ts";
import { createChanges } from "./changes.ts";
import { createErasures } from "./erasures.ts";

/** A deletion that is remembered: of events, or of a property. */
export type AnyTombstone = Tombstone | PropertyTombstone;

/** Tombstones for whoever deletes. */
export interface TombstoneKeeper extends Tombstones {
  /** Remembers a deletion, from the next read of any writer on. */
  add(where: DeleteWhere): Promise<Tombstone>;
  /** Several of one project, told of once. */
  addAll(project: string, wheres: readonly Omit<DeleteWhere, "project">[]): Promise<void>;
  addProperty(where: PropertyDeletion): Promise<void>;
  /** Projects that have tombstones. */
  projects(): Promise<readonly string[]>;
  /** Of these, the projects in which events may still have to be looked for. Costs one read, whatever there is. */
  openProjects(): Promise<readonly string[]>;
  /** Notes whether there may be. To be closed before the look and opened again after it: what is added meanwhile stays noted. */
  noteOpen(project: string, open: boolean): Promise<void>;
  /** Those whose events may still have to be looked for in the store. Asked of the registry itself. */
  unsettled(project: string): Promise<readonly AnyTombstone[]>;
  /** Nothing that this tombstone forbids can be written any more, and nothing of it is stored. Safe to repeat. */
  settle(tombstone: AnyTombstone): Promise<void>;
  /** Events of the project were taken out of the store: kept answers of before are not to be shown any more. */
  noteErased(project: string): Promise<void>;
}

type Kept<T extends AnyTombstone = AnyTombstone> = T & { readonly settled?: true };

/** What this process has read of one project. */
interface Known {
  readonly index: GrowingDeletionIndex;
  /** Of tombstones. */
  readonly ids: Set<string>;
  /** How many events they name. */
  events: number;
  /** The newest tombstone in it was made then, milliseconds UTC. */
  newest: number;
  /** The change that it has seen. */
  change: number;
}

const ID_BYTES = 10;
/** What the indexes of all projects together may take of a collector's memory, and about what one tombstone takes. */
const MOST_BYTES = 64_000_000;
const TOMBSTONE_BYTES = 400;
/** What one that names events takes for each of them. */
const ID_BYTES_KEPT = 150;
/** Clocks of those who delete may differ: a tombstone that is written later may sort before the newest known one. */
const SKEW_MS = 15 * 60_000;

/**
 * Tombstones in the registry, one item each, kept for ever: the archive of accepted events may be, and a replay from it must not
 * bring back who was erased. A process asks one item every ten seconds
 * whether there was a change anywhere; only then a project is read, only one that has tombstones, and only what is newer than what
 * is known. While the registry is down nobody gets an answer older than that: an event that waits is delivered again, one that was
 * deleted and stored nevertheless breaks a promise.
 */
export function createTombstones(deps: { registry: Registry; clock: Clock; random: RandomBytes }): TombstoneKeeper {
  const { registry, clock, random } = deps;
  const erasures = createErasures({ registry, clock });
  const changes = createChanges({ registry, clock, freshMs: TOMBSTONE_CACHE_MS });
  const known = createBoundedCache<Known>({
    maxBytes: MOST_BYTES,
    bytesOf: ({ ids, events }) => (ids.size + 1) * TOMBSTONE_BYTES + events * ID_BYTES_KEPT,
  });
  const reading = new Map<string, Promise<Known>>();

  const put = (tombstone: Kept): Promise<boolean> =>
    registry.put<Kept>({ partition: partitionOf(tombstone), sort: tombstone.id }, tombstone);

  const noteOpen = async (project: string, open: boolean): Promise<void> => {
    await registry.put({ partition: OPEN, sort: project }, open);
  };

  const made = <W extends object>(where: W): W & Pick<Tombstone, "id" | "createdAt"> => {
    const createdAt = clock.now();
    return { ...where, id: mintId(createdAt, random(ID_BYTES)), createdAt };
  };
  /** Before it is told of: whoever has heard of the change must find it. */
  const remember = async (project: string, tombstones: readonly AnyTombstone[]): Promise<void> => {
    for (const tombstone of tombstones) await put(tombstone);
    await noteOpen(project, true);
    await changes.tell(project);
  };

  async function read(project: string, change: number): Promise<Known> {
    const before = known.get(project);
    const state: Known = before ?? { index: indexDeletions(), ids: new Set(), events: 0, newest: 0, change };
    const from = before ? mintId(Math.max(0, state.newest - SKEW_MS), new Uint8Array(ID_BYTES)).slice(0, 12) : "";
    const isNew = ({ id, createdAt }: AnyTombstone): boolean => {
      if (state.ids.has(id)) return false;
      state.ids.add(id);
      state.newest = Math.max(state.newest, createdAt);
      return true;
    };
    const [ofEvents, ofProperties] = await Promise.all([
      registry.listFrom<Tombstone>(eventsOf(project), from),
      registry.listFrom<PropertyTombstone>(propertiesOf(project), from),
    ]);
    for (const { value } of ofEvents) {
      if (!isNew(value)) continue;
      state.index.add(value);
      state.events += value.ids?.length ?? 0;
    }
    for (const { value } of ofProperties) if (isNew(value)) state.index.properties.add(value);
    state.change = Math.max(state.change, change);
    // Set again for its size.
    known.set(project, state);
    return state;
  }

  /** Readers of one project at the same time share one read, if it looks for the change they want to see. */
  function readOnce(project: string, change: number): Promise<Known> {
    const key = `${change} ${project}`;
    const running = reading.get(key);
    if (running) return running;
    const started = read(project, change).finally(() => reading.delete(key));
    reading.set(key, started);
    return started;
  }

  return {
    async of(project) {
      const change = await changes.of(project);
      if (change === undefined) return NONE;
      const cached = known.get(project);
      if (cached && cached.change >= change) return cached.index;
      return (await changes.failClosed(readOnce(project, change))).index;
    },
    async add(where) {
      const tombstone = made(where);
      await remember(where.project, [tombstone]);
      return tombstone;
    },
    addAll: (project, wheres) =>
      remember(
        project,
        wheres.map((where) => made({ ...where, project })),
      ),
    addProperty: (where) => remember(where.project, [made(where)]),
    projects: () => changes.projects(),
    async openProjects() {
      const items = await registry.list<boolean>(OPEN);
      return items.filter(({ value }) => value).map(({ key }) => key.sort);
    },
    noteOpen,
    async unsettled(project) {
      const items = await Promise.all([eventsOf, propertiesOf].map((of) => registry.list<Kept>(of(project))));
      return items
        .flat()
        .map(({ value }) => value)
        .filter(({ settled }) => !settled);
    },
    settle: async (tombstone) => {
      await put({ ...tombstone, settled: true });
    },
    noteErased: (project) => erasures.note(project),
  };
}

const NONE = indexDeletions();
/** One small item per project that ever deleted: whether anything of it may still be stored. */
const OPEN = "tombstones:open";

/**
 * Those of properties lie apart: a process of a version that knows none would take one for the deletion of its whole collection.
 */
function partitionOf(tombstone: AnyTombstone): string {
  return "property" in tombstone ? propertiesOf(tombstone.project) : eventsOf(tombstone.project);
}

function eventsOf(project: string): string {
  return `tombstones:${project}`;
}

function propertiesOf(project: string): string {
  return `tombstones:properties:${project}`;
}

/** The deleted properties of a project, for whoever lists its names. Asked of the registry itself. */
export async function readDeletedProperties(registry: Registry, project: string): Promise<DeletedProperties> {
  const items = await registry.list<PropertyTombstone>(propertiesOf(project));
  return indexDeletedProperties(items.map(({ value }) => value));
}
