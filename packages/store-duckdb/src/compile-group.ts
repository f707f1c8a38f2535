import { FARTHEST_BUCKET, isBins, type Bins, type Field, type GroupKey, type Value } from "@millrace/core";
import { fieldSql } from "./compile-field.ts";
import { distinctValues, numberOf, type Cell, type Distinct } from "./compile-measure.ts";
import type { Binder } from "./statement.ts";

/** What rows are grouped by for one key: one expression per kind of value, NULL where it is of another kind. */
export function groupSql(key: GroupKey<Field>, binder: Binder): Distinct[] {
  if (!isBins(key)) return distinctValues(fieldSql(key, binder));
  return [{ sql: binSql(key, numberOf(fieldSql(key.field, binder)), binder), decode: Number }];
}

/** A group's value is of one kind at most; none of them: null. */
export function decodeGroup(kinds: readonly Distinct[], cells: readonly Cell[]): Value {
  const which = cells.findIndex((cell) => cell !== null && cell !== undefined);
  return kinds[which]?.decode(cells[which]) ?? null;
}

function binSql(bins: Bins<Field>, x: string, binder: Binder): string {
  if (bins.kind === "ranges") {
    const cases = bins.ranges.map(({ from, to }, i) => {
      const lower = from === undefined ? "" : ` AND ${x} >= ${binder.number(from)}`;
      const upper = to === undefined ? "" : ` AND ${x} < ${binder.number(to)}`;
      return `WHEN ${x} IS NOT NULL${lower}${upper} THEN ${i}`;
    });
    return `CASE ${cases.join(" ")} END`;
  }
  // Dividing may miss by one where a decimal has no double of its own; the edges, computed as core computes them, put it right.
  const { size, offset, sizeUnits, offsetUnits, unitsPerOne } = bins.grid;
  const k = `floor((${x} - ${binder.number(offset)}) / ${binder.number(size)})`;
  const edge = (n: string) =>
    `((${binder.number(offsetUnits)} + ${n} * ${binder.number(sizeUnits)}) / ${binder.number(unitsPerOne)})`;
  const found = `CASE WHEN ${x} >= ${edge(`(${k} + 1)`)} THEN ${k} + 1 WHEN ${x} < ${edge(k)} THEN ${k} - 1 ELSE ${k} END`;
  return `CASE WHEN abs(${k}) <= ${binder.number(FARTHEST_BUCKET)} THEN ${found} END`;
}
