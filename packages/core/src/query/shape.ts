import { MillraceError } from "../error.ts";
import { isoUtc } from "../time/instant.ts";
import type { Json, JsonObject } from "../values/json.ts";
import { compareValues, valueKey, type Value } from "../values/value.ts";
import { emptyValue } from "./empty.ts";
import { LIMITS_QUERY } from "./limits.ts";
import type { Field } from "./field.ts";
import { binLabel, groupName, isBins, type GroupKey } from "./group.ts";
import type { MetricPlan } from "./plan.ts";
import type { MetricQuery, Order } from "./query.ts";
import type { MeasureValue, MetricResult } from "./result.ts";

/** One group in one bucket, on its way into the answer. */
interface Cell {
  readonly group: readonly Value[];
  readonly values: readonly MeasureValue[];
}

type Ordering = Pick<MetricQuery, "orderBy" | "groupBy" | "measures"> & { readonly limit?: number | undefined };

/**
 * The `result` of a metric query in one of Keen's four shapes: plain, interval, group_by, interval with group_by. Every bucket
 * lists every group seen anywhere in the timeframe (unless `zeroFill` is false); `orderBy` and `limit` apply in each bucket
 * on its own, because Keen's charts rely on both. Groups come in value order where no order is asked.
 * @throws MillraceError `TooManyResultsError` beyond the caps of {@link LIMITS_QUERY}: a shorter answer would be another answer.
 */
export function shapeMetric(query: MetricQuery, plan: MetricPlan, result: MetricResult): Json {
  const empty = plan.measures.map((m) => emptyValue(m.measure));
  const rows = result.rows.map((row) => ({ ...row, ...readable(plan, row) }));
  if (plan.edges === undefined) {
    if (query.groupBy.length === 0) return valueOf(query, rows[0]?.values ?? empty);
    refuseBeyond("groups", rows.length, LIMITS_QUERY.groups);
    return ordered(query, rows).map((cell) => groupRow(query, cell));
  }
  const buckets = bucketsOf(plan.edges);
  const byBucket = Map.groupBy(rows, (row) => row.bucket);
  if (query.groupBy.length === 0) {
    return buckets.map((timeframe, i) => ({ value: valueOf(query, byBucket.get(i)?.[0]?.values ?? empty), timeframe }));
  }
  const fill = query.zeroFill ? ordered({ ...query, limit: undefined }, groupsOf(rows, empty)) : [];
  refuseBeyond("groups", groupCount(rows), LIMITS_QUERY.groups);
  refuseBeyond("cells", cellCount(query, buckets.length, fill.length, rows.length), LIMITS_QUERY.cells);
  return buckets.map((timeframe, i) => ({
    value: ordered(query, filled(byBucket.get(i) ?? [], fill, query.limit)).map((cell) => groupRow(query, cell)),
    timeframe,
  }));
}

/** Lists sorted (a store may give them in any order) and datetimes as ISO text, which is what Keen's clients expect of them. */
function readable(plan: MetricPlan, cell: Cell): Cell {
  return {
    group: cell.group.map((value, i) => printable(plan.groupBy[i], value)),
    values: cell.values.map((value, i) => {
      if (!Array.isArray(value)) return value;
      const measure = plan.measures[i]?.measure;
      const field = measure?.kind === "select_unique" ? measure.field : undefined;
      return value.toSorted(compareValues).map((element) => printable(field, element));
    }),
  };
}

function printable(field: GroupKey<Field> | undefined, value: Value): Value {
  return field?.kind === "standard" && field.type === "datetime" && typeof value === "number" ? isoUtc(value) : value;
}

function bucketsOf(edges: readonly number[]): JsonObject[] {
  return edges.slice(1).map((end, i) => ({ start: isoUtc(edges[i] ?? end), end: isoUtc(end) }));
}

function groupsOf(cells: readonly Cell[], empty: readonly MeasureValue[]): Cell[] {
  const groups = new Map(cells.map((cell) => [groupKey(cell), cell.group]));
  return [...groups.values()].map((group) => ({ group, values: empty }));
}

function groupCount(cells: readonly Cell[]): number {
  return new Set(cells.map(groupKey)).size;
}

function groupKey(cell: Cell): string {
  return valueKey([...cell.group]);
}

/**
 * The cells of one bucket with those of `fill` it lacks. Of the empty ones only the first `limit` can reach the answer: all
 * are equal but for their group, and `fill` is in the asked order already. This keeps "top 10 per day" cheap for many groups.
 */
function filled(present: readonly Cell[], fill: readonly Cell[], limit = Number.POSITIVE_INFINITY): Cell[] {
  const keys = new Set(present.map(groupKey));
  const cells = [...present];
  for (const cell of fill) {
    if (cells.length - present.length >= limit) break;
    if (!keys.has(groupKey(cell))) cells.push(cell);
  }
  return cells;
}

function cellCount(query: MetricQuery, buckets: number, groups: number, rows: number): number {
  const cells = query.zeroFill ? buckets * Math.min(groups, query.limit ?? groups) : rows;
  return cells * query.measures.length;
}

function refuseBeyond(what: "groups" | "cells", count: number, max: number): void {
  if (count <= max) return;
  const advice =
    what === "groups"
      ? "Add filters, or group by fewer properties."
      : "Use a longer interval, a shorter timeframe, order_by with limit, or zero_fill: false.";
  throw new MillraceError(
    "TooManyResultsError",
    `The answer would have ${count} ${what}; the most is ${max}. ${advice}`,
  );
}

/** Sorts by `orderBy`, ties in the order of the group values, and cuts to `limit`. Null comes first in ascending order. */
function ordered(query: Ordering, cells: readonly Cell[]): Cell[] {
  const keys = query.orderBy.map((order) => ({
    get: sortKey(query, order),
    sign: order.direction === "desc" ? -1 : 1,
  }));
  const sorted = cells.toSorted((a, b) => {
    for (const { get, sign } of keys) {
      const difference = compareValues(get(a), get(b)) * sign;
      if (difference !== 0) return difference;
    }
    return compareGroups(a.group, b.group);
  });
  return query.limit === undefined ? sorted : sorted.slice(0, query.limit);
}

function sortKey(query: Ordering, order: Order): (cell: Cell) => Value {
  const property = query.groupBy.findIndex((key) => groupName(key) === order.by);
  if (property >= 0) return (cell) => cell.group[property] ?? null;
  const measure = query.measures.findIndex((m) => m.label === order.by);
  return (cell) => (cell.values[measure] ?? null) as Value;
}

function compareGroups(a: readonly Value[], b: readonly Value[]): number {
  for (const [i, value] of a.entries()) {
    const difference = compareValues(value, b[i] ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** One row: the group's properties by the names asked, then `result`, or each label of a multi_analysis. */
function groupRow(query: MetricQuery, cell: Cell): JsonObject {
  const group = query.groupBy.map((key, i) => {
    const value = cell.group[i] ?? null;
    // Only here: bins are in the order of their numbers, not of their names.
    return [groupName(key), isBins(key) ? binLabel(key, value) : value] as const;
  });
  const values = query.measures.map((m, i) => [query.single ? "result" : m.label, cell.values[i] ?? null] as const);
  return Object.fromEntries([...group, ...values]) as JsonObject;
}

function valueOf(query: MetricQuery, values: readonly MeasureValue[]): Json {
  if (query.single) return (values[0] ?? null) as Json;
  return Object.fromEntries(query.measures.map((m, i) => [m.label, values[i] ?? null])) as JsonObject;
}
