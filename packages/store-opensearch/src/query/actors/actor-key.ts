import { compareStrings, type Field, type Value } from "@millrace/core";
import { fieldDsl } from "../compile-field.ts";
import { keyKinds, readKey, type KeyKind } from "../compile-key.ts";

/** Who did something, as the engine's pages name and order it. */
export interface ActorKey {
  /** Of the value's kind. */
  readonly rank: number;
  readonly value: string | number | boolean;
}

/** The kinds of value by which a field can name an actor. */
export function actorKinds(field: Field): readonly KeyKind[] {
  return keyKinds(fieldDsl(field));
}

/**
 * The actor in a composite key. A page is ordered by its sources one after the other, and a missing value comes first: so of the
 * kinds string, number, boolean, array the last one comes first, whatever field it is of.
 */
export function actorKey(name: string, kinds: readonly KeyKind[], key: Readonly<Record<string, unknown>>): ActorKey {
  for (let i = 0; i < kinds.length; i++) {
    const value = key[`${name}_${i}`] as ActorKey["value"] | null | undefined;
    if (value !== null && value !== undefined) {
      return { rank: kinds.length === 1 ? RANK[kinds[0]?.type ?? "string"] : LAST - i, value };
    }
  }
  throw new RangeError("A row of a composite aggregation has no actor.");
}

const LAST = 3;
const RANK: Record<KeyKind["type"], number> = { string: LAST, double: LAST - 1, long: LAST - 1, boolean: LAST - 2 };

/** The order of the pages. */
export function compareActors(a: ActorKey, b: ActorKey): number {
  if (a === b) return 0;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (typeof a.value === "string") return compareStrings(a.value, b.value as string);
  return Number(a.value) - Number(b.value);
}

/** As an answer gives it back. */
export function actorValue(name: string, kinds: readonly KeyKind[], key: Readonly<Record<string, unknown>>): Value {
  return readKey(name, kinds, key);
}
