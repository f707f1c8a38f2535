import { fieldDsl } from "./compile-field.ts";
import { every, some, type Dsl } from "./compile-filter.ts";
import { keyKinds, type KeyKind } from "./compile-key.ts";
import type { DistinctMeasure } from "./compile-measure.ts";

/** The events that have a value of one of these kinds, and pass the measure's own filter. */
export function valued(kinds: readonly KeyKind[], filter: Dsl | undefined): Dsl {
  const present = some(kinds.map(({ field }) => ({ exists: { field } })));
  return filter === undefined ? present : every([present, filter]);
}

/** What {@link valueSources} need beside them. */
export function valuedBeside(kinds: readonly KeyKind[]): Dsl[] {
  return kinds.length === 1 ? [] : [valued(kinds, undefined)];
}

/** The kinds of value that count for a measure: every kind, or the numbers alone. */
export function kindsOf({ field, measure }: DistinctMeasure): KeyKind[] {
  const dsl = fieldDsl(field);
  if (measure.kind !== "percentile" && measure.kind !== "percentiles") return keyKinds(dsl);
  return keyKinds(dsl.number === undefined ? {} : { number: dsl.number });
}
