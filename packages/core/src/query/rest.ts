import type { Value } from "../values/value.ts";
import { emptyValue } from "./empty.ts";
import { all, type Filter } from "./filter.ts";
import { FARTHEST_BUCKET, gridEdge, isBins, type Bins, type GroupKey } from "./group.ts";
import type { Measure, MetricQuery } from "./query.ts";
import type { MeasureValue } from "./result.ts";
import type { Scoped } from "./scope.ts";

/** Measures whose value over many groups follows from their values in each. */
type Additive = Extract<Measure<unknown>, { kind: "count" | "sum" | "minimum" | "maximum" }>;

/** True when what is beyond a limit can be told from its groups; else the store must be asked again, see {@link restQuery}. */
export function isAdditive({ measures }: Pick<MetricQuery, "measures">): boolean {
  return measures.every(({ measure }) => ADDITIVE.has(measure.kind));
}

const ADDITIVE: ReadonlySet<string> = new Set<Additive["kind"]>(["count", "sum", "minimum", "maximum"]);

/** The value of an additive measure over several groups; null values are those of groups without a number. */
export function valueOfAll(measure: Measure<unknown>, values: readonly MeasureValue[]): MeasureValue {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === 0) return emptyValue(measure);
  if (measure.kind === "minimum") return numbers.reduce((a, b) => Math.min(a, b));
  if (measure.kind === "maximum") return numbers.reduce((a, b) => Math.max(a, b));
  return sumOf(numbers);
}

/** Neumaier's: what is small is not lost beside what is large, in whatever order they come. */
function sumOf(numbers: readonly number[]): number {
  let [total, lost] = [0, 0];
  for (const value of numbers) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/**
 * The question about all events that are in none of these groups, as one cell.
 * @throws MillraceError from planning it, when the groups are too many for one filter
 */
export function restQuery(query: Scoped<MetricQuery>, shown: readonly (readonly Value[])[]): Scoped<MetricQuery> {
  const { limit: _, other: __, compareTo: ___, interval: ____, ...rest } = query;
  return {
    ...rest,
    groupBy: [],
    orderBy: [],
    filter: all(query.filter, { kind: "not", of: anyGroup(query.groupBy, shown) }),
  };
}

/** One list where there is one property, however many groups; else each group is a combination of conditions. */
function anyGroup(keys: readonly GroupKey<string>[], groups: readonly (readonly Value[])[]): Filter<string> {
  const [only] = keys;
  if (keys.length === 1 && typeof only === "string") {
    return { kind: "same", field: only, values: groups.map(([value]) => value ?? null) };
  }
  return { kind: "any", of: groups.map((group) => all(...keys.map((key, i) => inGroup(key, group[i] ?? null)))) };
}

function inGroup(key: GroupKey<string>, value: Value): Filter<string> {
  if (!isBins(key)) return { kind: "same", field: key, values: [value] };
  if (typeof value === "number") return between(key.field, ...limitsOf(key, value));
  return { kind: "not", of: inSomeBin(key) };
}

function inSomeBin(bins: Bins<string>): Filter<string> {
  const limits =
    bins.kind === "ranges"
      ? bins.ranges.map((_, i) => limitsOf(bins, i))
      : [[gridEdge(bins.grid, -FARTHEST_BUCKET), gridEdge(bins.grid, FARTHEST_BUCKET + 1)] as const];
  return { kind: "any", of: limits.map(([from, to]) => between(bins.field, from, to)) };
}

function limitsOf(bins: Bins<string>, index: number): readonly [from: number | undefined, to: number | undefined] {
  if (bins.kind === "buckets") return [gridEdge(bins.grid, index), gridEdge(bins.grid, index + 1)];
  const { from, to } = bins.ranges[index] ?? {};
  return [from, to];
}

/** A number from `from` to below `to`; any number where there is no limit. */
function between(field: string, from = -Number.MAX_VALUE, to?: number): Filter<string> {
  const above: Filter<string> = { kind: "compare", field, op: "gte", value: from };
  return to === undefined ? above : all(above, { kind: "compare", field, op: "lt", value: to });
}
