import { isBins, MillraceError, type Field, type GroupKey, type Json, type Value } from "@millrace/core";
import { binScript } from "./bin-script.ts";
import { ownBuckets } from "./bins.ts";
import { fieldDsl, type FieldDsl } from "./compile-field.ts";
import { isHashed } from "../term.ts";

/** A source of a composite aggregation, and the way back from its keys. */
export interface KeySource {
  /** What gives the values: a field, the buckets of its numbers, or a script. */
  readonly of:
    | { readonly terms: { readonly field: string } | { readonly script: object } }
    | { readonly histogram: { readonly field: string; readonly interval: number } };
  /** Said for indexes that have never seen the field: they must read the same page keys as the others. */
  readonly type: "string" | "double" | "long" | "boolean";
  readonly decode: (key: unknown) => Value;
}

/** One kind that the values of a field can have. */
export interface KeyKind extends KeySource {
  readonly field: string;
}

/**
 * What events are grouped by for one key: its kinds of values, or the bins its numbers lie in.
 * @param scripted bins are computed by a script even where the engine has its own for them
 */
export function groupSources(key: GroupKey<Field>, scripted: boolean): KeySource[] {
  if (!isBins(key)) return keyKinds(fieldDsl(key));
  const { number } = fieldDsl(key.field);
  if (number === undefined) return [];
  const own = key.kind === "buckets" && !scripted ? ownBuckets(key) : undefined;
  if (!own) return [{ of: { terms: { script: binScript(key, number) } }, type: "double", decode: Number }];
  const { interval, decode } = own;
  return [{ of: { histogram: { field: number, interval } }, type: "double", decode }];
}

export function keyKinds(dsl: FieldDsl): KeyKind[] {
  const asIs = (key: unknown) => key as string | number | boolean;
  const found: (KeyKind | undefined)[] = [
    kind(dsl.string, "string", asIs),
    kind(dsl.number, "double", asIs),
    // A date in a composite key is text in the mapping's own format, whatever type is asked for.
    kind(dsl.instant, "long", Number),
    kind(dsl.boolean, "boolean", asIs),
    kind(dsl.json, "string", decodeArray),
  ];
  return found.filter((each) => each !== undefined);
}

function kind(field: string | undefined, type: KeyKind["type"], decode: KeyKind["decode"]): KeyKind | undefined {
  return field === undefined ? undefined : { of: { terms: { field } }, field, type, decode };
}

/** @throws MillraceError for an array that only its hash is kept of beside the event itself */
function decodeArray(key: unknown): Value {
  const text = key as string;
  if (isHashed(text)) {
    throw new MillraceError(
      "UnsupportedQueryError",
      "An array of more than 32,766 bytes can be counted, filtered and extracted, but not listed as a group or value.",
    );
  }
  return JSON.parse(text) as Json[];
}

/** The value of the group or field `name` in a composite key; null when it has none of the kinds. */
export function readKey(name: string, kinds: readonly KeySource[], key: Readonly<Record<string, unknown>>): Value {
  for (const [i, { decode }] of kinds.entries()) {
    const found = key[`${name}_${i}`];
    if (found !== null && found !== undefined) return decode(found);
  }
  return null;
}
