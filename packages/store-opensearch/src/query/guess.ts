import { isBins, type Field, type Filter, type MetricPlan } from "@millrace/core";
import type { Dsl } from "./compile-filter.ts";
import type { Cell, CompiledMeasure } from "./compile-measure.ts";
import { kindsOf } from "./kinds.ts";
import type { KeyKind } from "./compile-key.ts";

/**
 * About how many different values a cell has, told beside its count in the same request. It costs a pass over the events and no row for
 * each value, so that only where there are few values these are read: then the guess has cost little, and else it is the answer.
 */
export interface Guess {
  readonly aggregation: Dsl;
  readonly read: (cell: Cell) => number;
}

/** How exact an estimate is, and how it is made. */
interface Sketch {
  readonly precision_threshold: number;
  readonly execution_hint?: "ordinals";
}

/** The sketches of so many cells are in memory together, and the server remembers those of closed indexes. */
const FEW_CELLS = 40;
const MOST_CELLS = 1_000;
/**
 * Below about so many values an estimate is near exact. It takes up to 8 bytes for each of them, in every cell. By ordinals each
 * different value is hashed once in place of each event's; that takes a bit for each different value of the whole index.
 */
const ONE_CELL: Sketch = { precision_threshold: 40_000, execution_hint: "ordinals" };
const SOME_CELLS: Sketch = { precision_threshold: 10_000, execution_hint: "ordinals" };
const MANY_CELLS: Sketch = { precision_threshold: 3_000 };

/** @param cells undefined where nobody knows */
function sketchFor(cells: number | undefined): Sketch {
  if (cells === 1) return ONE_CELL;
  return cells !== undefined && cells <= FEW_CELLS ? SOME_CELLS : MANY_CELLS;
}

/** One aggregation for each kind of value, by the names that {@link readSketches} reads. */
export function sketchesOf(kinds: readonly KeyKind[], cells: number | undefined): Readonly<Record<string, Dsl>> {
  return Object.fromEntries(
    kinds.map(({ field }, i) => [`u${i}`, { cardinality: { field, ...sketchFor(cells) } }] as const),
  );
}

/** Values of different kinds are never equal, so the kinds add up. */
export function readSketches(kinds: readonly KeyKind[], cell: Readonly<Record<string, unknown>>): number {
  return kinds.reduce((sum, _, i) => sum + (cell[`u${i}`] as { readonly value: number }).value, 0);
}

/** How many cells an answer has at most; undefined where nobody knows. @param counted how many groups there are, where they were counted */
export function cellsOf(plan: Pick<MetricPlan, "groupBy" | "edges" | "filter">, counted?: number): number | undefined {
  const buckets = plan.edges ? plan.edges.length - 1 : 1;
  if (plan.groupBy.length === 0) return buckets;
  const groups = plan.groupBy.some((key) => isBins(key)) ? undefined : (counted ?? namedIn(plan));
  return groups === undefined ? undefined : groups * buckets;
}

/** The groups that a condition names one by one; not of a property, which may be a list with a named value and others. */
function namedIn({ groupBy: [key, ...more], filter }: Pick<MetricPlan, "groupBy" | "filter">): number | undefined {
  if (key === undefined || isBins(key) || key.kind !== "standard" || key.type === "strings" || more.length > 0)
    return undefined;
  const named = conditions(filter).flatMap((each) =>
    each.kind === "in" && each.field.kind === "standard" && each.field.column === key.column
      ? [each.values.length]
      : [],
  );
  return named.length > 0 ? Math.min(...named) : undefined;
}

function conditions(filter: Filter<Field>): readonly Filter<Field>[] {
  return filter.kind === "all" ? filter.of.flatMap(conditions) : [filter];
}

/** @returns undefined for what is no count of different values, and where there may be too many cells */
export function guessOf(measure: CompiledMeasure, name: string, cells: number | undefined): Guess | undefined {
  if (measure.kind !== "distinct" || measure.measure.kind !== "count_unique") return undefined;
  const kinds = kindsOf(measure);
  if (cells === undefined || cells > MOST_CELLS || kinds.length === 0) return undefined;
  return {
    // What has no value is in no sketch: that needs no condition.
    aggregation: { filter: measure.filter ?? { match_all: {} }, aggs: sketchesOf(kinds, cells) },
    read: (cell) => readSketches(kinds, cell[name] as Cell),
  };
}
