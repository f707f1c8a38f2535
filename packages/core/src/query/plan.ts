import { MillraceError } from "../error.ts";
import { bucketEdges } from "../time/interval.ts";
import { resolveTimeframe, type TimeRange } from "../time/timeframe.ts";
import {
  all,
  mapFields,
  visitFilter,
  type CompareOp,
  type Filter,
  type FilterVisitor,
  type Operand,
} from "./filter.ts";
import type { Field, Incomplete, PropertyView } from "./field.ts";
import { checkEffort } from "./filter-effort.ts";
import { isBins, type GroupKey } from "./group.ts";
import { LIMITS_QUERY } from "./limits.ts";
import { parseRegex } from "./regex.ts";
import { createResolver, type Resolver } from "./resolve-field.ts";
import type { EventSet, TimeColumn } from "./event-set.ts";
import type { Planned, Unbranded } from "./planned.ts";
import type { ExtractionQuery, LabelledMeasure, Measure, MetricQuery } from "./query.ts";
import type { Scoped } from "./scope.ts";
import { parseInstant } from "../time/instant.ts";

/** A query with every default, instant and field made explicit. Stores compile this and decide nothing. */
export type Plan = MetricPlan | ExtractionPlan;

/** The events that a question, or one part of it, is about: what a store's condition is made of. */
export interface EventsPlan {
  readonly project: string;
  readonly collections: readonly string[];
  /** Absent: all time. */
  readonly range?: TimeRange;
  /** What range and edges are about. Events without it are in no range. */
  readonly time: TimeColumn;
  /** The bots mode and the scope's filters are already in it. */
  readonly filter: Filter<Field>;
}

interface PlanBase extends EventsPlan, Planned {
  /** Properties of which the answer may lack values. Empty in ordinary times. */
  readonly incomplete: readonly Incomplete[];
}

export interface MetricPlan extends PlanBase {
  readonly kind: "metric";
  readonly measures: readonly LabelledMeasure<Field>[];
  readonly groupBy: readonly GroupKey<Field>[];
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

export interface PlanContext {
  /** Milliseconds UTC. */
  readonly now: number;
  readonly properties: PropertyView;
}

const BOT: Filter<string> = { kind: "eq", field: "$bot.is", value: true };

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planMetric(query: Scoped<MetricQuery>, context: PlanContext): MetricPlan {
  const range = rangeOf(query, context);
  const fields = createResolver(context.properties, eventsFrom(query, range));
  const base = planEvents(query.project, query, range, fields);
  const measures = query.measures.map((m) => planMeasure(m, fields));
  checkEffort(
    base.filter,
    measures.flatMap(({ filter }) => filter ?? []),
  );
  return {
    ...base,
    kind: "metric",
    measures,
    groupBy: query.groupBy.map((key) => planGroup(key, fields)),
    ...(query.interval && range && { edges: bucketEdges(query.interval, range, query.zone) }),
    // Last: only now every field was asked for.
    incomplete: fields.incomplete(),
  } satisfies Unbranded<MetricPlan> as unknown as MetricPlan;
}

/** @throws MillraceError as {@link planMetric}. */
export function planExtraction(query: Scoped<ExtractionQuery>, context: PlanContext): ExtractionPlan {
  const range = rangeOf(query, context);
  const fields = createResolver(context.properties, eventsFrom(query, range));
  const base = planEvents(query.project, query, range, fields);
  checkEffort(base.filter, []);
  return {
    ...base,
    kind: "extraction",
    order: query.latest === undefined ? "oldest" : "newest",
    limit: query.latest ?? LIMITS_QUERY.extractionEvents,
    incomplete: fields.incomplete(),
  } satisfies Unbranded<ExtractionPlan> as unknown as ExtractionPlan;
}

/** The time that a set of events lies in; undefined: all time. */
export function rangeOf(set: EventSet, { now }: PlanContext): TimeRange | undefined {
  return set.timeframe && resolveTimeframe(set.timeframe, now, set.zone);
}

/** When the events of an answer happened, as far as the query says: those of visits begun in a range go on beyond it. */
function eventsFrom({ time }: EventSet, range: TimeRange | undefined): TimeRange | undefined {
  return range && time === "visit_start" ? { start: range.start, end: Infinity } : range;
}

/** A set of events with the bots mode as a filter and its fields resolved. @throws MillraceError as {@link planMetric} */
export function planEvents(project: string, set: EventSet, range: TimeRange | undefined, fields: Resolver): EventsPlan {
  const bots: Filter<string>[] = set.bots === "include" ? [] : set.bots === "only" ? [BOT] : [{ kind: "not", of: BOT }];
  return {
    project,
    collections: set.collections,
    time: set.time ?? "timestamp",
    filter: planFilter(all(...bots, set.filter), fields),
    ...(range && { range }),
  };
}

function planGroup(key: GroupKey<string>, fields: Resolver): GroupKey<Field> {
  if (!isBins(key)) return fields.typed(fields.resolve(key), "group_by");
  const field = fields.typed(fields.resolve(key.field), `group_by with ${key.kind}`);
  refuseOtherThanNumbers(field, key.kind);
  return { ...key, field };
}

function refuseOtherThanNumbers(field: Field, use: string): void {
  if (field.kind !== "standard" || field.type === "number") return;
  throw new MillraceError("InvalidParameterError", `${use} needs a number; ${field.name} is a ${field.type}.`);
}

function planMeasure(labelled: LabelledMeasure<string>, fields: Resolver): LabelledMeasure<Field> {
  const measure: Measure<Field> =
    labelled.measure.kind === "count"
      ? labelled.measure
      : { ...labelled.measure, field: measurable(labelled.measure, fields) };
  return { label: labelled.label, measure, ...(labelled.filter && { filter: planFilter(labelled.filter, fields) }) };
}

function measurable({ kind, field }: Exclude<Measure<string>, { kind: "count" }>, fields: Resolver): Field {
  const typed = fields.typed(fields.resolve(field), kind);
  if (kind !== "count_unique" && kind !== "select_unique") refuseOtherThanNumbers(typed, kind);
  return typed;
}

/** Resolves fields, turns ISO text into instants for datetime fields, and refuses what a field's storage cannot answer. */
function planFilter(filter: Filter<string>, fields: Resolver): Filter<Field> {
  return visitFilter(
    adjusting(fields),
    mapFields(filter, (name) => fields.resolve(name)),
  );
}

function adjusting(fields: Resolver): FilterVisitor<Field, Filter<Field>> {
  const adjust = (filter: Filter<Field>): Filter<Field> => visitFilter(visitor, filter);
  /** Equality also finds the tokens of what is not typed, but no token says that there is no value. */
  const operand = (field: Field, value: Operand): Operand => {
    if (value === null) fields.typed(field, "eq null");
    return isDatetime(field) && typeof value === "string" ? parseInstant(value, nameOf(field)) : value;
  };
  const visitor: FilterVisitor<Field, Filter<Field>> = {
    all: (f) => ({ ...f, of: f.of.map(adjust) }),
    any: (f) => ({ ...f, of: f.of.map(adjust) }),
    not: (f) => ({ ...f, of: adjust(f.of) }),
    eq: (f) => ({ ...f, value: operand(f.field, f.value) }),
    in: (f) => {
      if (isDatetime(f.field) && f.values.length > LIMITS_QUERY.timeListOperand) {
        throw new MillraceError(
          "InvalidFilterError",
          `in on ${nameOf(f.field)} has ${f.values.length} times; at most ${LIMITS_QUERY.timeListOperand} can be asked for. Use gte and lt.`,
        );
      }
      return { ...f, values: f.values.map((value) => operand(f.field, value)) };
    },
    compare: (f) => ({ ...f, field: fields.typed(f.field, f.op), value: comparable(f.field, f.op, f.value) }),
    exists: (f) => ({ ...f, field: fields.typed(f.field, "exists") }),
    contains: (f) => {
      if (typeof f.value === "string" && f.value.length > LIMITS_QUERY.containsChars) {
        throw new MillraceError(
          "InvalidFilterError",
          `contains has a text of ${f.value.length} characters; the most is ${LIMITS_QUERY.containsChars}.`,
        );
      }
      return { ...f, field: fields.typed(f.field, "contains") };
    },
    regex: (f) => {
      parseRegex(f.pattern);
      return { ...f, field: fields.typed(f.field, "regex") };
    },
    within: (f) => {
      if (f.field.kind === "property") return { ...f, field: fields.typed(f.field, "within") };
      throw new MillraceError(
        "InvalidPropertyNameForGeoFilter",
        `within (a geo filter) needs a property that holds [longitude, latitude]; "${f.field.name}" is a ${f.field.type}.`,
      );
    },
    same: (f) => ({
      ...f,
      field: fields.typed(f.field, "group_by"),
      values: f.values.map((value) =>
        isDatetime(f.field) && typeof value === "string" ? operand(f.field, value) : value,
      ),
    }),
  };
  return visitor;
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
