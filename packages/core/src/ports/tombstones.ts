import { isObject } from "../values/json.ts";
import { indexDeletedProperties, type DeletedProperties, type GrowingDeletedProperties } from "./deleted-properties.ts";

/**
 * Which events a deletion takes: all of a project that meet every condition given. One meaning for what lies in a store and for what
 * is still on its way there; see {@link isDeleted}.
 */
export interface DeleteWhere {
  readonly project: string;
  readonly visitor?: string;
  readonly collection?: string;
  /** Only these events. At most {@link TOMBSTONE_IDS}: a tombstone is one item of the registry. */
  readonly ids?: readonly string[];
  /** Only events that happened from here on (their own timestamp), milliseconds UTC. */
  readonly from?: number;
  /** Only events that happened before, milliseconds UTC. */
  readonly to?: number;
  /** Only events received before, milliseconds UTC: a deletion says nothing about what is sent after it. */
  readonly receivedBefore: number;
}

/** A deletion that is remembered, so that an event which comes later than it (from a queue, a replay) is not stored after all. */
export interface Tombstone extends DeleteWhere {
  /** Sorts by time. */
  readonly id: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** The reading side, for whoever writes into a store. */
export interface Tombstones {
  /**
   * The tombstones of a project as they were at most {@link TOMBSTONE_CACHE_MS} ago.
   * @throws MillraceError `ServiceUnavailable` when they cannot be read: what may have been deleted must not be stored
   */
  of(project: string): Promise<DeletionIndex>;
}

/** The deletions of one project, as whoever writes events asks them. */
export interface DeletionIndex {
  /** How many deletions of events it holds: 0 takes none. */
  readonly size: number;
  /** What an event that is stored all the same has lost. */
  readonly properties: DeletedProperties;
  /** True when one of them takes the event: {@link isDeleted}, in a time that does not grow with the number of erased visitors. */
  takes(event: Deletable): boolean;
}

/** An index that can grow. */
export interface GrowingDeletionIndex extends DeletionIndex {
  readonly properties: GrowingDeletedProperties;
  /** A deletion that was added before is added twice: callers know what they have. */
  add(where: DeleteWhere): void;
}

/** How old a writer's knowledge of tombstones may be. */
export const TOMBSTONE_CACHE_MS = 10_000;

/** Most ids of one deletion: 64 KB where each is as long as it may be. */
export const TOMBSTONE_IDS = 500;

/** What a deletion looks at. An event that nobody could read may lack its own fields; then only a wider deletion takes it. */
export interface Deletable {
  readonly project: string;
  readonly receivedAt: number;
  readonly id?: string | undefined;
  readonly visitor?: string | null | undefined;
  readonly collection?: string | undefined;
  readonly timestamp?: number | undefined;
}

/** True when one of these deletions takes the event. */
export function isDeleted(event: Deletable, deletions: readonly DeleteWhere[]): boolean {
  return deletions.some((where) => takes(where, event));
}

/** By id, visitor or collection, of which there may be tens of thousands; the others, of which there are few, one after the other. */
export function indexDeletions(deletions: Iterable<DeleteWhere> = []): GrowingDeletionIndex {
  const byId = new Map<string, DeleteWhere[]>();
  const byVisitor = new Map<string, DeleteWhere[]>();
  const byCollection = new Map<string, DeleteWhere[]>();
  const wide: DeleteWhere[] = [];
  let size = 0;
  const listed = (lists: Map<string, DeleteWhere[]>, key: string): DeleteWhere[] => {
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    return list;
  };
  const index: GrowingDeletionIndex = {
    properties: indexDeletedProperties(),
    get size() {
      return size;
    },
    add(where) {
      size++;
      if (where.ids) for (const id of where.ids) listed(byId, id).push(where);
      else if (where.visitor !== undefined) listed(byVisitor, where.visitor).push(where);
      else if (where.collection !== undefined) listed(byCollection, where.collection).push(where);
      else wide.push(where);
    },
    takes(event) {
      const { id, visitor, collection } = event;
      const ofId = id === undefined ? undefined : byId.get(id);
      const ofVisitor = typeof visitor === "string" ? byVisitor.get(visitor) : undefined;
      const ofCollection = collection === undefined ? undefined : byCollection.get(collection);
      return [ofId, ofVisitor, ofCollection, wide].some((some) => some !== undefined && isDeleted(event, some));
    },
  };
  for (const where of deletions) index.add(where);
  return index;
}

function takes(where: DeleteWhere, { project, receivedAt, id, visitor, collection, timestamp }: Deletable): boolean {
  if (project !== where.project || receivedAt >= where.receivedBefore) return false;
  if (where.ids && !(id !== undefined && where.ids.includes(id))) return false;
  if (where.visitor !== undefined && visitor !== where.visitor) return false;
  if (where.collection !== undefined && collection !== where.collection) return false;
  if (where.from !== undefined && !(timestamp !== undefined && timestamp >= where.from)) return false;
  return where.to === undefined || (timestamp !== undefined && timestamp < where.to);
}

/**
 * What a deletion looks at, of an event as it was accepted. Reads with care: what the queue brings was not written by us alone, and
 * an event that cannot be stored must be deletable like any other.
 */
export function deletableOf(accepted: unknown, message: Pick<Deletable, "project" | "receivedAt">): Deletable {
  const { project, receivedAt } = message;
  const event = isObject(accepted) ? accepted : {};
  const context = isObject(event["context"]) ? event["context"] : {};
  const { id, collection, timestamp } = event;
  const { visitor } = context;
  return {
    project,
    receivedAt,
    id: typeof id === "string" ? id : undefined,
    visitor: typeof visitor === "string" ? visitor : undefined,
    collection: typeof collection === "string" ? collection : undefined,
    timestamp: typeof timestamp === "number" ? timestamp : undefined,
  };
}

/** Why an event was deleted, in its exception: the narrowest of the conditions. */
export function deletionReason({ ids, visitor, collection, from, to }: DeleteWhere): string {
  if (ids) return "filters";
  if (visitor !== undefined) return "visitor";
  if (collection !== undefined) return "collection";
  return from !== undefined || to !== undefined ? "span" : "project";
}
