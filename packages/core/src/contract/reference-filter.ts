import type { StoredEvent } from "../event/event.ts";
import { visitFilter, type Filter, type FilterVisitor, type Operand } from "../query/filter.ts";
import type { Field } from "../query/field.ts";
import type { EventsPlan } from "../query/plan.ts";
import { parseRegex } from "../query/regex.ts";
import { toJavaScript } from "../query/regex-emit.ts";
import type { TimeRange } from "../time/timeframe.ts";
import { canonicalJson, compareStrings, type Json } from "../values/json.ts";
import { valueKey, type Value } from "../values/value.ts";
import { isPlace, metresBetween } from "../query/geo.ts";
import { fieldValue, groupValue, sentValue } from "./reference-value.ts";

/**
 * The truth table of core/query/filter.ts, row by row.
 * @param events every event there is, of any project: a deed is looked for among them
 */
export function passes(event: StoredEvent, filter: Filter<Field>, events: readonly StoredEvent[]): boolean {
  const value = (field: Field) => fieldValue(event, field);
  const equal = (field: Field, operand: Operand) =>
    equals(operand === null ? value(field) : sentValue(event, field), operand);
  const truth: FilterVisitor<Field, boolean> = {
    all: ({ of }) => of.every((part) => passes(event, part, events)),
    any: ({ of }) => of.some((part) => passes(event, part, events)),
    not: ({ of }) => !passes(event, of, events),
    eq: (f) => equal(f.field, f.value),
    in: (f) => f.values.some((operand) => equal(f.field, operand)),
    exists: (f) => value(f.field) !== undefined,
    compare: (f) => {
      const order = ordering(value(f.field), f.value);
      if (order === undefined) return false;
      return { lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[f.op];
    },
    contains: (f) => {
      const found = value(f.field);
      if (Array.isArray(found)) return found.some((element) => element === f.value);
      return typeof found === "string" && typeof f.value === "string" && found.includes(f.value);
    },
    regex: (f) => {
      const found = value(f.field);
      return typeof found === "string" && toJavaScript(parseRegex(f.pattern)).test(found);
    },
    within: (f) => {
      const found = value(f.field);
      if (!Array.isArray(found) || found.length !== 2) return false;
      const [longitude, latitude] = found;
      if (typeof longitude !== "number" || typeof latitude !== "number") return false;
      return isPlace({ longitude, latitude }) && metresBetween(f.centre, { longitude, latitude }) <= f.metres;
    },
    same: (f) => {
      const group = valueKey(groupValue(event, f.field));
      return f.values.some((member) => valueKey(member) === group);
    },
    did: ({ actor, deed }) => {
      const who = groupValue(event, actor);
      if (who === null) return false;
      return selected(deed, events).some((other) => valueKey(groupValue(other, actor)) === valueKey(who));
    },
  };
  return visitFilter(truth, filter);
}

/** The events (of any project) that a plan is about. */
export function selected(plan: EventsPlan, events: readonly StoredEvent[]): StoredEvent[] {
  return events.filter(
    (event) =>
      event.project === plan.project &&
      plan.collections.includes(event.collection) &&
      isWithin(timeOf(plan, event), plan.range) &&
      passes(event, plan.filter, events),
  );
}

/** The instant of an event that the plan's range and edges are about. */
export function timeOf({ time }: Pick<EventsPlan, "time">, event: StoredEvent): number | null | undefined {
  return time === "timestamp" ? event.timestamp : event.context[time];
}

function isWithin(time: number | null | undefined, range: TimeRange | undefined): boolean {
  return !range || (typeof time === "number" && time >= range.start && time < range.end);
}

function equals(value: Value | undefined, operand: Operand): boolean {
  if (Array.isArray(operand)) return Array.isArray(value) && canonicalJson(value) === canonicalJson(operand);
  if (Array.isArray(value)) return value.some((element: Json) => element === operand);
  return (value ?? null) === operand;
}

/** Undefined when the two are not of one ordered type. */
function ordering(value: Value | undefined, operand: string | number): number | undefined {
  if (typeof value === "string" && typeof operand === "string") return compareStrings(value, operand);
  if (typeof value === "number" && typeof operand === "number") return value - operand;
  return undefined;
}
