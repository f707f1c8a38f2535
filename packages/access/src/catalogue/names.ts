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
  let placements = 0;
  let bytes = 0;
  // A pair seen in one more collection is only a line of the schema. Bounded too: 1,000 names times 1,000 collections is not.
  const placementQuota = quota * 10;

  function add(entries: readonly NameEntry[]): void {
    for (const [collection, path, kind] of entries) {
      const properties = collections.get(collection) ?? new Map<string, PropertyKind[]>();
      collections.set(collection, properties);
      if (kind === "") continue;
      const key = pairKey(path, kind);
      if (!pairs.has(key)) bytes += path.length;
      pairs.add(key);
      paths.add(path);
      const kinds = properties.get(path) ?? [];
      if (kinds.includes(kind)) continue;
      properties.set(path, [...kinds, kind]);
      placements++;
    }
  }

  const names: Names = {
    has: (collection, path, kind) => collections.get(collection)?.get(path)?.includes(kind) ?? false,
    admits: (path, kind) => pairs.has(pairKey(path, kind)),
    missing(sightings, seen) {
      const entries: NameEntry[] = [];
      const newPairs = new Map<string, number>();
      const newPlaces = new Set<string>();
      const newCollections = new Set<string>();
      let newBytes = 0;
      const roomForCollection = (collection: string) =>
        collections.has(collection) ||
        newCollections.has(collection) ||
        collections.size + newCollections.size < COLLECTION_QUOTA;
      const see = (collection: string) => {
        if (collections.has(collection) || newCollections.has(collection) || !roomForCollection(collection)) return;
        newCollections.add(collection);
        entries.push([collection, "", ""]);
      };
      for (const collection of seen) see(collection);
      for (const { collection, path, kind } of sightings) {
        if (names.has(collection, path, kind)) continue;
        see(collection);
        const key = pairKey(path, kind);
        const place = `${collection}\0${key}`;
        if (newPlaces.has(place)) continue;
        const known = pairs.has(key) || newPairs.has(key);
        if (!known && (pairs.size + newPairs.size >= quota || bytes + newBytes >= NAME_BYTES_QUOTA)) continue;
        if (known && (placements + newPlaces.size >= placementQuota || !roomForCollection(collection))) continue;
        if (!known) {
          newPairs.set(key, path.length);
          newBytes += path.length;
        }
        newPlaces.add(place);
        entries.push([roomForCollection(collection) ? collection : UNLISTED, path, kind]);
      }
      return entries;
    },
    add,
    view() {
      const listed = [...collections].filter(([name]) => name !== UNLISTED);
      return {
        admits: (path) => paths.has(path),
        full: pairs.size >= quota || bytes >= NAME_BYTES_QUOTA,
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
