import {
  COLLECTION_QUOTA,
  type Admission,
  type DeletedProperties,
  type PropertyKind,
  type PropertySighting,
} from "@millrace/core";
import type { Span } from "./months.ts";
import { createRefusals, refusalBytes, type Refusal } from "./refusals.ts";
import { pairKey, type Pair } from "./room.ts";

/**
 * One fact of the catalogue, in order of first sight. An empty path and kind say only that the collection exists. With the id of a
 * deletion it says that the name was used after it.
 */
type NameEntry = readonly [collection: string, path: string, kind: PropertyKind | "", after?: string];

/** One line of a project's journal. Lines of one journal have one order, by which a name is before or after a refusal. */
export type Entry = NameEntry | Refusal;

/** The names of one project in one bucket. It only grows. */
export interface Names extends Admission {
  /** Of what was sighted, the pairs that are not listed, each once. */
  unknown(sightings: readonly PropertySighting[]): Pair[];
  /** The lines that say what is new here: collections, admitted pairs, and known pairs in another collection. */
  news(sightings: readonly PropertySighting[], collections: readonly string[], admitted: readonly Pair[]): NameEntry[];
  /** See {@link createRefusals}. @param kept paths of last month */
  refusals(refused: readonly Pair[], span: Span, admitted: readonly Pair[], kept: ReadonlySet<string>): Refusal[];
  add(entries: readonly Entry[]): void;
  /** When values of the path may have been turned down. */
  untyped(path: string): Span[];
  refused(): Span[];
  hasPath(path: string): boolean;
  pairs(): Pair[];
  /**
   * Collection to path to kinds, without the place of names whose collection is not listed, and without those that were not used
   * since they were deleted.
   */
  collections(deleted: DeletedProperties): ReadonlyMap<string, ReadonlyMap<string, readonly PropertyKind[]>>;
}

/** Where a new name is kept whose collection no longer fits the list. No collection has an empty name. */
const UNLISTED = "";
/** A known pair in one more collection is only a line of the schema; a thousand names times a thousand collections are not kept. */
const MAX_PLACES = 10_000;
const MAX_PLACE_BYTES = 1_000_000;

export function createNames(): Names {
  const pairs = new Map<string, Pair>();
  const paths = new Set<string>();
  const collections = new Map<string, Map<string, PropertyKind[]>>();
  const refusals = createRefusals();
  /** Of places that were used after deletions, the newest of these. */
  const after = new Map<string, string>();
  let places = 0;
  let placeBytes = 0;

  const isSince = (deletion: string | undefined, place: string): boolean =>
    deletion === undefined || (after.get(place) ?? "") >= deletion;

  const hasPlace = ({ collection, path, kind, after: deletion }: PropertySighting): boolean =>
    (collections.get(collection)?.get(path)?.includes(kind) ?? false) &&
    isSince(deletion, placeOf(collection, path, kind));

  const addName = ([collection, path, kind, deletion]: NameEntry): void => {
    const properties = collections.get(collection) ?? new Map<string, PropertyKind[]>();
    collections.set(collection, properties);
    if (kind === "") return;
    refusals.list(path);
    paths.add(path);
    pairs.set(pairKey([path, kind]), [path, kind]);
    const place = placeOf(collection, path, kind);
    if (deletion !== undefined && !isSince(deletion, place)) after.set(place, deletion);
    const kinds = properties.get(path) ?? [];
    if (kinds.includes(kind)) return;
    properties.set(path, [...kinds, kind]);
    places++;
    placeBytes += entryBytes([collection, path, kind]);
  };

  return {
    hasPath: (path) => paths.has(path),
    admits: (path, kind) => pairs.has(pairKey([path, kind])),
    unknown(sightings) {
      const unknown = new Map<string, Pair>();
      for (const sighting of sightings) {
        if (hasPlace(sighting)) continue;
        const pair: Pair = [sighting.path, sighting.kind];
        if (!pairs.has(pairKey(pair))) unknown.set(pairKey(pair), pair);
      }
      return [...unknown.values()];
    },
    news(sightings, seen, admitted) {
      const entries: NameEntry[] = [];
      const entering = new Set(admitted.map(pairKey));
      const listed = new Set<string>();
      const donePairs = new Set<string>();
      const donePlaces = new Set<string>();
      let bytes = placeBytes;
      /** Lists a collection while there is room; false when it is not listed. */
      const list = (collection: string): boolean => {
        if (collections.has(collection) || listed.has(collection)) return true;
        if (collections.size + listed.size >= COLLECTION_QUOTA) return false;
        listed.add(collection);
        entries.push([collection, "", ""]);
        return true;
      };
      for (const collection of seen) list(collection);
      for (const sighting of sightings) {
        if (hasPlace(sighting)) continue;
        const { collection, path, kind, after: deletion } = sighting;
        const inList = list(collection);
        const key = pairKey([path, kind]);
        const place = placeOf(collection, path, kind);
        if (donePlaces.has(place)) continue;
        const first = entering.delete(key);
        const known = first || pairs.has(key) || donePairs.has(key);
        const hasRoom = places + donePlaces.size < MAX_PLACES && bytes < MAX_PLACE_BYTES;
        if (!known || (!first && !(inList && hasRoom))) continue;
        const name = [inList ? collection : UNLISTED, path, kind] as const;
        const entry: NameEntry = deletion === undefined ? name : [...name, deletion];
        donePairs.add(key);
        donePlaces.add(place);
        bytes += entryBytes(entry);
        entries.push(entry);
      }
      return entries;
    },
    refusals: (refused, span, admitted, kept) =>
      refused.length === 0
        ? []
        : refusals.missing(refused, span, { listed: new Set(admitted.map(([path]) => path)), kept }),
    add(entries) {
      for (const entry of entries) {
        if ("refused" in entry) refusals.add(entry);
        else addName(entry);
      }
    },
    untyped: (path) => refusals.of(path),
    refused: () => refusals.spans(),
    pairs: () => [...pairs.values()],
    collections(deleted) {
      const listed = [...collections].filter(([name]) => name !== UNLISTED);
      if (deleted.size === 0) return new Map(listed);
      return new Map(
        listed.map(([name, properties]) => {
          const left = [...properties].map(([path, kinds]) => {
            const newest = deleted.newest(name, path);
            return [path, kinds.filter((kind) => isSince(newest, placeOf(name, path, kind)))] as const;
          });
          return [name, new Map(left.filter(([, kinds]) => kinds.length > 0))];
        }),
      );
    },
  };
}

function placeOf(collection: string, path: string, kind: PropertyKind): string {
  return `${collection}\0${pairKey([path, kind])}`;
}

/** At most, as JSON. */
export function entryBytes(entry: Entry): number {
  return "refused" in entry
    ? refusalBytes(entry)
    : (entry[0].length + entry[1].length + (entry[3]?.length ?? 0)) * 3 + 20;
}
