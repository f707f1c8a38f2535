import { MillraceError } from "../error.ts";
import { inStints, mapInStints } from "../share/stints.ts";
import { isoUtc } from "../time/instant.ts";
import type { Json, JsonObject } from "../values/json.ts";
import type { Comparison } from "./compare.ts";
import { emptyValue } from "./empty.ts";
import { binLabel, groupName, isBins } from "./group.ts";
import { groupKey, layMetric, valuesBeyond, type Cell, type Laid, type Part } from "./lay.ts";
import type { LabelledMeasure, MetricQuery } from "./query.ts";
import type { MeasureValue, MetricResult } from "./result.ts";

/**
 * The `result` of a metric query in one of Keen's four shapes: plain, interval, group_by, interval with group_by.
 * @throws MillraceError for two rows of one name
 */
export async function renderMetric(query: MetricQuery, { parts, edges }: Laid): Promise<Json> {
  const groupRow = rowMaker(query);
  const value = async (part: Part | undefined): Promise<Json> => {
    const { cells = [], other } = part ?? {};
    if (query.groupBy.length === 0) return valueOf(query, cells[0]?.values ?? []);
    const rows = await mapInStints(cells, groupRow);
    return other === undefined ? rows : [...rows, otherRow(query, rows, other)];
  };
  if (edges === undefined) return value(parts[0]);
  const buckets: JsonObject[] = [];
  await inStints(edges.slice(1).entries(), async ([i, end]) => {
    buckets.push({ value: await value(parts[i]), timeframe: timeframeOf(edges[i] ?? end, end) });
  });
  return buckets;
}

/**
 * The answer about another time, cell by cell beside that of a query: its groups in the query's order, and behind them, where there is
 * no limit, those that only the other time has. A limit keeps the groups of the query, whatever the first ones were at the other time.
 */
export async function renderComparison(
  query: MetricQuery,
  main: Laid,
  { plan, buckets }: Comparison,
  result: MetricResult,
  rest?: readonly MeasureValue[],
): Promise<Json> {
  const { limit: _, other: __, ...unlimited } = query;
  const { parts } = await layMetric({ ...unlimited, orderBy: [] }, plan, result);
  const empty = plan.measures.map((m) => emptyValue(m.measure));
  const beside = (part: Part, cells: readonly Cell[]): Part => {
    const known = new Map(cells.map((cell) => [groupKey(cell), cell]));
    const shown = part.cells.map((cell) => known.get(groupKey(cell)) ?? { group: cell.group, values: empty });
    const keys = new Set(part.cells.map(groupKey));
    const added = query.limit === undefined ? cells.filter((cell) => !keys.has(groupKey(cell))) : [];
    const other = part.other && (rest ?? valuesBeyond(query, shown, cells));
    return { cells: [...shown, ...added], other };
  };
  const cellsAt = (index: number | undefined): readonly Cell[] =>
    (index === undefined ? undefined : parts[index]?.cells) ?? [];
  if (!buckets) return renderMetric(query, { parts: main.parts.map((part) => beside(part, cellsAt(0))) });
  const aligned = main.parts.map((part, i) => beside(part, cellsAt(buckets[i]?.index)));
  const values = (await renderMetric(query, { parts: aligned, edges: main.edges ?? [] })) as { readonly value: Json }[];
  return values.map(({ value }, i) => {
    const { start = 0, end = 0 } = buckets[i] ?? {};
    return { value, timeframe: timeframeOf(start, end) };
  });
}

function timeframeOf(start: number, end: number): JsonObject {
  return { start: isoUtc(start), end: isoUtc(end) };
}

/** Makes rows: the group's properties by the names asked, then `result`, or each label of a multi_analysis. */
function rowMaker(query: MetricQuery): (cell: Cell) => JsonObject {
  const names = query.groupBy.map(groupName);
  const labels = query.measures.map((m) => (query.single ? "result" : m.label));
  const valuesOf = ({ group, values }: Cell): Json[] => [
    // Only here: bins are in the order of their numbers, not of their names.
    ...query.groupBy.map((key, i) => (isBins(key) ? binLabel(key, group[i] ?? null) : (group[i] ?? null))),
    ...query.measures.map((m, i) => shown(m, values[i])),
  ];
  const all = [...names, ...labels];
  // Assigning is four times as fast as making an object of entries, and sets a prototype where a name is that.
  if (all.includes("__proto__")) return (cell) => Object.fromEntries(zip(all, valuesOf(cell))) as JsonObject;
  return (cell) => {
    const values = valuesOf(cell);
    const row: Record<string, Json> = {};
    for (let i = 0; i < all.length; i++) row[all[i] ?? ""] = values[i] ?? null;
    return row;
  };
}

function zip<A, B>(names: readonly A[], values: readonly B[]): [A, B | undefined][] {
  return names.map((name, i) => [name, values[i]]);
}

function entriesOf(query: MetricQuery, values: readonly MeasureValue[]): (readonly [string, Json])[] {
  return query.measures.map((m, i) => [query.single ? "result" : m.label, shown(m, values[i])]);
}

/** The row for the others: its name under the first property, null under the rest. Always last. */
function otherRow(query: MetricQuery, rows: readonly JsonObject[], values: readonly MeasureValue[]): JsonObject {
  const [first, ...more] = query.groupBy.map(groupName);
  const { other = "" } = query;
  const taken = rows.some((row) => row[first ?? ""] === other);
  if (taken) {
    throw new MillraceError(
      "InvalidParameterError",
      `other "${other.slice(0, 80)}" is also the name of a group in the answer. Choose another text.`,
    );
  }
  const group = [[first, other], ...more.map((name) => [name, null])] as const;
  return Object.fromEntries([...group, ...entriesOf(query, values)]) as JsonObject;
}

function valueOf(query: MetricQuery, values: readonly MeasureValue[]): Json {
  const [first] = query.measures;
  if (query.single && first) return shown(first, values[0]);
  return Object.fromEntries(query.measures.map((m, i) => [m.label, shown(m, values[i])]));
}

/** A value as it is sent: percentiles by their own numbers. */
function shown({ measure }: LabelledMeasure<string>, value: MeasureValue = null): Json {
  if (measure.kind !== "percentiles" || !Array.isArray(value)) return value;
  return Object.fromEntries(measure.percentiles.map((percentile, i) => [String(percentile), value[i] ?? null]));
}
