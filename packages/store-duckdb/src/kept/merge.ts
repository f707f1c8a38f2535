import { inStints, LIMITS_QUERY, valueKey, type MetricResult, type MetricRow, type Value } from "@millrace/core";
import { countDistinct } from "./distinct.ts";
import { MOST_EXACT, type Part, type PartCell, type PartRow, type PartSum } from "./part.ts";
import type { KeptMeasure } from "./question.ts";

/** A part, and the bucket of the answer that its time lies in. */
export interface Placed {
  readonly bucket: number;
  readonly part: Part;
}

/** How an answer is made of parts. */
export interface Shape {
  readonly measures: readonly KeptMeasure[];
  readonly hasGroups: boolean;
  readonly hasBuckets: boolean;
}

interface Cells {
  readonly bucket: number;
  readonly group: readonly Value[];
  /** For each measure what the parts say. */
  readonly of: PartCell[][];
}

/**
 * The answer that one pass over all events would give, to the last digit. Undefined where the parts cannot tell: sums that are too large
 * to be exact, and more groups than an answer may have, which is for the question itself to refuse.
 */
export async function merge(parts: readonly Placed[], shape: Shape): Promise<MetricResult | undefined> {
  const cells = new Map<string, Cells>();
  const groups = new Set<string>();
  const add = ([bucket, row]: readonly [number, PartRow]): void => {
    const group = valueKey([...row.group] as never);
    groups.add(group);
    const key = `${bucket} ${group}`;
    const known = cells.get(key) ?? { bucket, group: row.group, of: shape.measures.map(() => []) };
    cells.set(key, known);
    row.cells.forEach((cell, i) => known.of[i]?.push(cell));
  };
  await inStints(rowsOf(parts), add);
  if (groups.size > LIMITS_QUERY.groups || cells.size > LIMITS_QUERY.cells) return undefined;
  // One row, even for no events.
  if (cells.size === 0 && !shape.hasGroups && !shape.hasBuckets) {
    cells.set("", { bucket: 0, group: [], of: shape.measures.map(() => []) });
  }
  const rows: MetricRow[] = [];
  for (const { bucket, group, of } of cells.values()) {
    const values: number[] = [];
    for (const [i, measure] of shape.measures.entries()) {
      const value = await VALUES[measure](of[i] ?? []);
      if (value === undefined) return undefined;
      values.push(value);
    }
    rows.push({ bucket, group, values });
  }
  return { rows, exact: true, notes: [] };
}

function* rowsOf(parts: readonly Placed[]): Generator<readonly [number, PartRow]> {
  for (const { bucket, part } of parts) for (const row of part.rows) yield [bucket, row];
}

const VALUES: Readonly<Record<KeptMeasure, (cells: readonly PartCell[]) => Promise<number | undefined>>> = {
  count: async (cells) => (cells as number[]).reduce((sum, cell) => sum + cell, 0),
  count_unique: (cells) => countDistinct(cells as BigUint64Array[]),
  sum: async (cells) => {
    const sums = cells as PartSum[];
    const total = (of: (each: PartSum) => number) => sums.reduce((sum, each) => sum + of(each), 0);
    return total(({ size }) => size) < MOST_EXACT ? total(({ sum }) => sum) : undefined;
  },
};
