import { MillraceError } from "../error.ts";
import { standardField, type FieldColumn, type FieldKind } from "../event/fields.ts";
import { bucketEdges } from "../time/interval.ts";
import { resolveTimeframe, type TimeRange } from "../time/timeframe.ts";
import type { Zone } from "../time/zone.ts";
import {
  all,
  mapFields,
  visitFilter,
  type CompareOp,
  type Filter,
  type FilterVisitor,
  type Operand,
} from "./filter.ts";
import { LIMITS_QUERY } from "./limits.ts";
import { parseRegex } from "./regex.ts";
import type { ExtractionQuery, LabelledMeasure, Measure, MetricQuery } from "./query.ts";
import type { Scoped } from "./scope.ts";
import { parseInstant } from "../time/instant.ts";

/** A property resolved: a standard field, or a custom property of the five kinds. */
export type Field =
  | { readonly kind: "standard"; readonly name: string; readonly column: FieldColumn; readonly type: FieldKind }
  | {
      readonly kind: "property";
      readonly path: string;
      /** `overflow`: beyond the catalogue's quota, kept as equality tokens only. */
      readonly storage: "typed" | "overflow";
    };

declare const planned: unique symbol;

/** A query with every default, instant and field made explicit. Stores compile this and decide nothing. */
export type Plan = MetricPlan | ExtractionPlan;

interface PlanBase {
  readonly project: string;
  readonly collections: readonly string[];
  /** Absent: all time. */
  readonly range?: TimeRange;
  /** The bots mode and the scope's filters are already in it. */
  readonly filter: Filter<Field>;
  readonly [planned]: true;
}

export interface MetricPlan extends PlanBase {
  readonly kind: "metric";
  readonly measures: readonly LabelledMeasure<Field>[];
  readonly groupBy: readonly Field[];
  /** n + 1 edges of n half-open buckets; see interval.ts. Absent: one cell per group. */
  readonly edges?: readonly number[];
}

export interface ExtractionPlan extends PlanBase {
  readonly kind: "extraction";
  /** By (timestamp, id). */
  readonly order: "oldest" | "newest";
  /** At most this many; the store returns one more if there are more, so that the caller can refuse instead of cutting. */
  readonly limit: number;
}

/** What planning needs to know about a project's properties. */
export interface PropertyView {
  /** True when the path is typed in the store; false when it was never seen or did not fit the quota. */
  admits(path: string): boolean;
  /** True when the quota was reached, so that an unknown path may exist as overflow. */
  readonly full: boolean;
}

export interface PlanContext {
  /** Milliseconds UTC. */
  readonly now: number;
  readonly properties: PropertyView;
}

const BOT: Filter<string> = { kind: "eq", field: "$bot.is", value: true };

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planMetric(query: Scoped<MetricQuery>, context: PlanContext): MetricPlan {
  const resolve = (name: string) => resolveField(name, context.properties);
  const range = query.timeframe && resolveTimeframe(query.timeframe, context.now, query.zone);
  return {
    ...planBase(query, context),
    kind: "metric",
    measures: query.measures.map((m) => planMeasure(m, resolve)),
    groupBy: query.groupBy.map((name) => typedOnly(resolve(name), name, "group_by")),
    ...(query.interval && range && { edges: edgesOf(query.interval, range, query.zone) }),
  } satisfies Omit<MetricPlan, typeof planned> as unknown as MetricPlan;
}

/** @throws MillraceError as {@link planMetric}. */
export function planExtraction(query: Scoped<ExtractionQuery>, context: PlanContext): ExtractionPlan {
  return {
    ...planBase(query, context),
    kind: "extraction",
    order: query.latest === undefined ? "oldest" : "newest",
    limit: query.latest ?? LIMITS_QUERY.extractionEvents,
  } satisfies Omit<ExtractionPlan, typeof planned> as unknown as ExtractionPlan;
}

function edgesOf(interval: NonNullable<MetricQuery["interval"]>, range: TimeRange, zone: Zone): number[] {
  return bucketEdges(interval, range, zone);
}

function planBase(query: Scoped, context: PlanContext): Omit<PlanBase, typeof planned> {
  const bots: Filter<string>[] =
    query.bots === "include" ? [] : query.bots === "only" ? [BOT] : [{ kind: "not", of: BOT }];
  return {
    project: query.project,
    collections: query.collections,
    filter: planFilter(all(...bots, query.filter), (name) => resolveField(name, context.properties)),
    ...(query.timeframe && { range: resolveTimeframe(query.timeframe, context.now, query.zone) }),
  };
}

/** Standard names win because no property can have one; any other path is a property, known or not. */
function resolveField(name: string, properties: PropertyView): Field {
  const standard = standardField(name);
  if (standard) return { kind: "standard", name, column: standard.column as FieldColumn, type: standard.kind };
  if (name.startsWith("$")) {
    throw new MillraceError("InvalidParameterError", `"${name.slice(0, 80)}" is not a standard field.`);
  }
  return { kind: "property", path: name, storage: properties.full && !properties.admits(name) ? "overflow" : "typed" };
}

function planMeasure(labelled: LabelledMeasure<string>, resolve: (name: string) => Field): LabelledMeasure<Field> {
  const measure: Measure<Field> =
    labelled.measure.kind === "count"
      ? labelled.measure
      : { ...labelled.measure, field: measurable(resolve(labelled.measure.field), labelled.measure) };
  return { label: labelled.label, measure, ...(labelled.filter && { filter: planFilter(labelled.filter, resolve) }) };
}

function measurable(field: Field, measure: Exclude<Measure<string>, { kind: "count" }>): Field {
  const typed = typedOnly(field, measure.field, measure.kind);
  const numeric = measure.kind !== "count_unique" && measure.kind !== "select_unique";
  if (numeric && typed.kind === "standard" && typed.type !== "number") {
    throw new MillraceError(
      "InvalidParameterError",
      `${measure.kind} needs a number; ${measure.field} is a ${typed.type}.`,
    );
  }
  return typed;
}

function typedOnly(field: Field, name: string, use: string): Field {
  if (field.kind === "property" && field.storage === "overflow") {
    throw new MillraceError(
      "UnsupportedQueryError",
      `"${name}" is beyond this project's quota of indexed properties: it can be extracted and filtered with eq or in, not used in ${use}.`,
    );
  }
  return field;
}

/** Resolves fields, turns ISO text into instants for datetime fields, and refuses what a field's storage cannot answer. */
function planFilter(filter: Filter<string>, resolve: (name: string) => Field): Filter<Field> {
  return visitFilter(adjust, mapFields(filter, resolve));
}

const adjust: FilterVisitor<Field, Filter<Field>> = {
  all: (f) => ({ ...f, of: f.of.map((g) => visitFilter(adjust, g)) }),
  any: (f) => ({ ...f, of: f.of.map((g) => visitFilter(adjust, g)) }),
  not: (f) => ({ ...f, of: visitFilter(adjust, f.of) }),
  eq: (f) => ({ ...f, value: operandFor(f.field, f.value) }),
  in: (f) => ({ ...f, values: f.values.map((value) => operandFor(f.field, value)) }),
  compare: (f) => ({
    ...f,
    field: typedOnly(f.field, nameOf(f.field), f.op),
    value: comparable(f.field, f.op, f.value),
  }),
  exists: (f) => ({ ...f, field: typedOnly(f.field, nameOf(f.field), "exists") }),
  contains: (f) => ({ ...f, field: typedOnly(f.field, nameOf(f.field), "contains") }),
  regex: (f) => {
    parseRegex(f.pattern);
    return { ...f, field: typedOnly(f.field, nameOf(f.field), "regex") };
  },
};

function operandFor(field: Field, value: Operand): Operand {
  if (field.kind === "property" && field.storage === "overflow" && value === null)
    typedOnly(field, field.path, "eq null");
  return isDatetime(field) && typeof value === "string" ? parseInstant(value, nameOf(field)) : value;
}

function comparable(field: Field, op: CompareOp, value: string | number): string | number {
  if (isDatetime(field)) return typeof value === "string" ? parseInstant(value, nameOf(field)) : value;
  if (field.kind === "standard" && (field.type === "boolean" || field.type === "strings")) {
    throw new MillraceError("InvalidFilterError", `${op} cannot be used on ${field.name}, which is a ${field.type}.`);
  }
  return value;
}

function isDatetime(field: Field): boolean {
  return field.kind === "standard" && field.type === "datetime";
}

function nameOf(field: Field): string {
  return field.kind === "standard" ? field.name : field.path;
}
