import { isObject, type JsonObject } from "../values/json.ts";

/**
 * Which values a deletion of a property takes: those of all events of a collection that were received before, and whatever lies below
 * the property. The events stay. One meaning for what lies in a store and for what is still on its way there.
 */
export interface PropertyDeletion {
  readonly project: string;
  readonly collection: string;
  /** Dotted path. */
  readonly property: string;
  /** Only of events received before, milliseconds UTC: what is sent after it may use the name again. */
  readonly receivedBefore: number;
}

/** A deletion of a property that is remembered, so that an event which comes later than it is stored without the property. */
export interface PropertyTombstone extends PropertyDeletion {
  /** Sorts by time. */
  readonly id: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
}

/** The deleted properties of one project, as whoever writes events and whoever lists names asks them. */
export interface DeletedProperties {
  /** 0 takes nothing. */
  readonly size: number;
  /** What an event keeps of its properties; the same object where nothing of it was deleted. */
  left(event: { readonly collection: string; readonly receivedAt: number }, properties: JsonObject): JsonObject;
  /** The id of the newest deletion that took this path in this collection. */
  newest(collection: string, path: string): string | undefined;
}

export interface GrowingDeletedProperties extends DeletedProperties {
  add(tombstone: PropertyTombstone): void;
}

export function indexDeletedProperties(tombstones: Iterable<PropertyTombstone> = []): GrowingDeletedProperties {
  const byCollection = new Map<string, PropertyTombstone[]>();
  let size = 0;
  const add = (tombstone: PropertyTombstone): void => {
    size++;
    const { collection } = tombstone;
    const list = byCollection.get(collection) ?? [];
    byCollection.set(collection, list);
    list.push(tombstone);
  };
  for (const tombstone of tombstones) add(tombstone);
  return {
    get size() {
      return size;
    },
    add,
    left({ collection, receivedAt }, properties) {
      let left = properties;
      for (const { property, receivedBefore } of byCollection.get(collection) ?? []) {
        if (receivedAt < receivedBefore) left = takeProperty(left, property)?.left ?? left;
      }
      return left;
    },
    newest: (collection, path) =>
      byCollection
        .get(collection)
        ?.filter(({ property }) => path === property || path.startsWith(`${property}.`))
        .reduce<string | undefined>((newest, { id }) => (newest === undefined || id > newest ? id : newest), undefined),
  };
}

/** Properties in two parts, each as nested as before: without a property, and that property alone. */
interface Parted {
  readonly left: JsonObject;
  readonly taken: JsonObject;
}

/**
 * Takes a property, and what lies below it, out of an event's properties. An object that it leaves empty goes with it. Names in it
 * hold no dot, so the path is unambiguous; a path does not lead into arrays.
 * @returns undefined where the event has no such property
 */
export function takeProperty(properties: JsonObject, path: string): Parted | undefined {
  const dot = path.indexOf(".");
  const name = dot < 0 ? path : path.slice(0, dot);
  if (!Object.hasOwn(properties, name)) return undefined;
  const { [name]: value, ...others } = properties;
  if (value === undefined) return undefined;
  if (dot < 0) return { left: others, taken: { [name]: value } };
  const below = isObject(value) ? takeProperty(value, path.slice(dot + 1)) : undefined;
  if (!below) return undefined;
  const isEmpty = Object.keys(below.left).length === 0;
  // In its old place: an event is given back as it was sent, but for what is gone.
  const left = isEmpty ? others : { ...properties, [name]: below.left };
  return { left, taken: { [name]: below.taken } };
}

/**
 * The raw form of a rejected event without a deleted property: it is kept for replay, and shown.
 * @returns undefined where it has nothing of it
 */
export function rawWithout(
  raw: string | null,
  { receivedAt, project }: { readonly receivedAt: number; readonly project: string },
  where: PropertyDeletion,
): string | undefined {
  if (project !== where.project || receivedAt >= where.receivedBefore) return undefined;
  const event: unknown = JSON.parse(raw ?? "null");
  if (!isObject(event) || event["collection"] !== where.collection || !isObject(event["properties"])) return undefined;
  const parted = takeProperty(event["properties"], where.property);
  return parted && JSON.stringify({ ...event, properties: parted.left });
}
