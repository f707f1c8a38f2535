import {
  COLLECTION_QUOTA,
  compareStrings,
  type CatalogueView,
  type PropertyKind,
  type PropertySighting,
} from "@millrace/core";

/** One fact of the catalogue, in order of first sight. An empty path and kind say only that the collection exists. */
export type NameEntry = readonly [collection: string, path: string, kind: PropertyKind | ""];

/**
 * Most bytes of admitted names in one project. A path may be 2,500 characters long (ten levels of 255), so a quota of names
 * alone would let one project keep megabytes in every collector's memory.
 */
const NAME_BYTES_QUOTA = 262_144;

/** The names of one project in memory. It only grows: what is admitted stays admitted. */
export interface Names {
  has(collection: string, path: string, kind: PropertyKind): boolean;
  hasCollection(collection: string): boolean;
  admits(path: string, kind: PropertyKind): boolean;
  /** The entries that are new and fit, to be written; nothing is added yet. */
  missing(sightings: readonly PropertySighting[], collections: readonly string[]): NameEntry[];
  add(entries: readonly NameEntry[]): void;
  view(): CatalogueView;
}

/** @param quota most distinct (path, kind) pairs of the project */
export function createNames(quota: number): Names {
  const pairs = new Set<string>();
  const paths = new Set<string>();
  const collections = new Map<string, Map<string, PropertyKind[]>>();
  let places = 0;
  let nameBytes = 0;
  // A pair seen in one more collection is only a line of the schema. Bounded too: 1,000 names times 1,000 collections is not.
  const placeQuota = quota * 10;

  function add(entries: readonly NameEntry[]): void {
    for (const [collection, path, kind] of entries) {
      const properties = collections.get(collection) ?? new Map<string, PropertyKind[]>();
      collections.set(collection, properties);
      if (kind === "") continue;
      const key = pairKey(path, kind);
      if (!pairs.has(key)) nameBytes += path.length;
      pairs.add(key);
      paths.add(path);
      const kinds = properties.get(path) ?? [];
      if (kinds.includes(kind)) continue;
      properties.set(path, [...kinds, kind]);
      places++;
    }
  }

  const names: Names = {
    has: (collection, path, kind) => collections.get(collection)?.get(path)?.includes(kind) ?? false,
    hasCollection: (collection) => collections.has(collection),
    admits: (path, kind) => pairs.has(pairKey(path, kind)),
    missing(sightings, seen) {
      const entries: NameEntry[] = [];
      const draft = { collections: new Set<string>(), pairs: new Set<string>(), places: new Set<string>(), bytes: 0 };
      /** Lists a collection while there is room; false when it is not listed. */
      const list = (collection: string): boolean => {
        if (collections.has(collection) || draft.collections.has(collection)) return true;
        if (collections.size + draft.collections.size >= COLLECTION_QUOTA) return false;
        draft.collections.add(collection);
        entries.push([collection, "", ""]);
        return true;
      };
      const pairsFull = () => pairs.size + draft.pairs.size >= quota || nameBytes + draft.bytes >= NAME_BYTES_QUOTA;
      const placesFull = () => places + draft.places.size >= placeQuota;

      for (const collection of seen) list(collection);
      for (const { collection, path, kind } of sightings) {
        if (names.has(collection, path, kind)) continue;
        const listed = list(collection);
        const pair = pairKey(path, kind);
        const place = `${collection}\0${pair}`;
        const known = pairs.has(pair) || draft.pairs.has(pair);
        if (draft.places.has(place) || (known ? !listed || placesFull() : pairsFull())) continue;
        if (!known) {
          draft.pairs.add(pair);
          draft.bytes += path.length;
        }
        draft.places.add(place);
        entries.push([listed ? collection : UNLISTED, path, kind]);
      }
      return entries;
    },
    add,
    view() {
      const listed = [...collections].filter(([name]) => name !== UNLISTED);
      return {
        admits: (path) => paths.has(path),
        full: pairs.size >= quota || nameBytes >= NAME_BYTES_QUOTA,
        collections: listed
          .map(([name, properties]) => ({ name, properties: Object.fromEntries(properties) }))
          .sort((a, b) => compareStrings(a.name, b.name)),
      };
    },
  };
  return names;
}

/** Where a new name is kept whose collection no longer fits the list. No collection has an empty name. */
const UNLISTED = "";

function pairKey(path: string, kind: PropertyKind): string {
  return `${kind}:${path}`;
}
