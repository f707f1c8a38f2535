import { MillraceError } from "../error.ts";
import { inStints, mapInStints, sortInStints } from "../share/stints.ts";
import { isoUtc } from "../time/instant.ts";
import { compareValues, valueKey, type Value } from "../values/value.ts";
import { emptyValue } from "./empty.ts";
import type { Field } from "./field.ts";
import { groupName, type GroupKey } from "./group.ts";
import { LIMITS_QUERY } from "./limits.ts";
import type { MetricPlan } from "./plan.ts";
import type { MetricQuery, Order } from "./query.ts";
import { valueOfAll } from "./rest.ts";
import type { MeasureValue, MetricResult } from "./result.ts";

/** One group in one bucket, on its way into the answer. */
export interface Cell {
  readonly group: readonly Value[];
  readonly values: readonly MeasureValue[];
}

type Ordering = Pick<MetricQuery, "orderBy" | "groupBy" | "measures"> & { readonly limit?: number | undefined };

/** The part of an answer that is about one bucket, or about all of the timeframe: groups in their order, or the only cell. */
export interface Part {
  readonly cells: readonly Cell[];
  /** What stands for the groups that were cut off. */
  readonly other?: readonly MeasureValue[] | undefined;
}

/** An answer in its order and with its gaps filled, before it is JSON. */
export interface Laid {
  /** One for each bucket; one in all without buckets. */
  readonly parts: readonly Part[];
  readonly edges?: readonly number[];
}

/**
 * Puts an answer in order. Every bucket lists every group seen anywhere in the timeframe (unless `zeroFill` is false); `orderBy` and
 * `limit` apply in each bucket on its own, because Keen's charts rely on both. Groups come in value order where no order is asked.
 * A large answer is a second of work, so it is done in stints.
 * @param rest what the store says of all events beyond the limit, where their groups do not tell
 * @throws MillraceError `TooManyResultsError` beyond the caps of {@link LIMITS_QUERY}: a shorter answer would be another answer.
 */
export async function layMetric(
  query: MetricQuery,
  plan: MetricPlan,
  result: MetricResult,
  rest?: readonly MeasureValue[],
): Promise<Laid> {
  const empty = plan.measures.map((m) => emptyValue(m.measure));
  const rows = isReadable(plan)
    ? result.rows
    : await mapInStints(result.rows, (row) => ({ ...row, ...readable(plan, row) }));
  if (plan.edges === undefined) {
    if (query.groupBy.length === 0) return { parts: [{ cells: [{ group: [], values: rows[0]?.values ?? empty }] }] };
    refuseBeyond("groups", rows.length, LIMITS_QUERY.groups);
    return { parts: [partOf(query, await ordered(query, rows), { groups: rows.length, all: rows, rest })] };
  }
  const { edges } = plan;
  const byBucket = Map.groupBy(rows, (row) => row.bucket);
  const indexes = Array.from({ length: edges.length - 1 }, (_, i) => i);
  if (query.groupBy.length === 0) {
    const cell = (i: number): Cell => ({ group: [], values: byBucket.get(i)?.[0]?.values ?? empty });
    return { edges, parts: indexes.map((i) => ({ cells: [cell(i)] })) };
  }
  const groups = await groupsOf(rows);
  refuseBeyond("groups", groups.length, LIMITS_QUERY.groups);
  const empties = groups.map((group) => ({ group, values: empty }));
  const fill = query.zeroFill ? await ordered({ ...query, limit: undefined }, empties) : [];
  refuseBeyond("cells", cellCount(query, indexes.length, fill.length, rows.length), LIMITS_QUERY.cells);
  const part = async (i: number): Promise<Part> => {
    const present = byBucket.get(i) ?? [];
    const cells = await ordered(query, filled(present, fill, query.limit));
    return partOf(query, cells, { groups: query.zeroFill ? fill.length : present.length, all: present });
  };
  const parts: Part[] = [];
  await inStints(indexes, async (i) => void parts.push(await part(i)));
  return { edges, parts };
}

interface Beyond {
  /** Groups of the bucket, empty ones too. */
  readonly groups: number;
  /** Its cells that have events. */
  readonly all: readonly Cell[];
  readonly rest?: readonly MeasureValue[] | undefined;
}

function partOf(query: MetricQuery, cells: readonly Cell[], { groups, all, rest }: Beyond): Part {
  if (query.other === undefined || groups <= cells.length) return { cells };
  return { cells, other: rest ?? valuesBeyond(query, cells, all) };
}

/** The measures over all cells that are not shown. */
export function valuesBeyond(query: MetricQuery, shown: readonly Cell[], all: readonly Cell[]): MeasureValue[] {
  const keys = new Set(shown.map(groupKey));
  const beyond = all.filter((cell) => !keys.has(groupKey(cell)));
  return query.measures.map(({ measure }, i) =>
    valueOfAll(
      measure,
      beyond.map((cell) => cell.values[i] ?? null),
    ),
  );
}

/** The groups that are shown, as the store gave them. */
export function groupsShown({ parts }: Laid): (readonly Value[])[] {
  return parts.flatMap(({ cells }) => cells.map(({ group }) => group));
}

/** Nothing in it is a list or a datetime: its cells are shown as the store gave them. */
function isReadable({ groupBy, measures }: MetricPlan): boolean {
  const isTime = (field: GroupKey<Field>) => field.kind === "standard" && field.type === "datetime";
  return !groupBy.some(isTime) && !measures.some(({ measure }) => measure.kind === "select_unique");
}

/** Lists sorted (a store may give them in any order) and datetimes as ISO text, which is what Keen's clients expect of them. */
function readable(plan: MetricPlan, cell: Cell): Cell {
  return {
    group: cell.group.map((value, i) => printable(plan.groupBy[i], value)),
    values: cell.values.map((value, i) => {
      const measure = plan.measures[i]?.measure;
      if (!Array.isArray(value) || measure?.kind === "percentiles") return value;
      const field = measure?.kind === "select_unique" ? measure.field : undefined;
      return value.toSorted(compareValues).map((element) => printable(field, element));
    }),
  };
}

function printable(field: GroupKey<Field> | undefined, value: Value): Value {
  return field?.kind === "standard" && field.type === "datetime" && typeof value === "number" ? isoUtc(value) : value;
}

/** Each group once, in the order in which they are met. */
async function groupsOf(cells: readonly Cell[]): Promise<(readonly Value[])[]> {
  const groups = new Map<string, readonly Value[]>();
  await inStints(cells, (cell) => void groups.set(groupKey(cell), cell.group));
  return [...groups.values()];
}

/** Equal for cells of one group. */
export function groupKey(cell: Cell): string {
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
async function ordered(query: Ordering, cells: readonly Cell[]): Promise<Cell[]> {
  const keys = query.orderBy.map((order) => ({
    get: sortKey(query, order),
    sign: order.direction === "desc" ? -1 : 1,
  }));
  const sorted = await sortInStints(cells, (a, b) => {
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
  // By index: an iterator for each comparison is a third of the time in which a hundred thousand groups are sorted.
  for (let i = 0; i < a.length; i++) {
    const difference = compareValues(a[i] ?? null, b[i] ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}
