import { MillraceError } from "../error.ts";
import { parseInstant } from "../time/instant.ts";
import type { Field } from "./field.ts";
import { all, visitFilter, type CompareOp, type Filter, type FilterVisitor, type Operand } from "./filter.ts";
import { LIMITS_QUERY } from "./limits.ts";
import { planActor } from "./plan-actor.ts";
import type { EventsPlan } from "./plan.ts";
import { parseRegex } from "./regex.ts";
import type { Resolver } from "./resolve-field.ts";

/** All that a question may look at, whatever the collection. */
export type Seen = Omit<EventsPlan, "collections">;

/**
 * Resolves fields, turns ISO text into instants for datetime fields, and refuses what a field's storage cannot answer.
 * @param seen what a deed of the filter is looked for in: what the question itself may see, and no more
 */
export function planFilter(filter: Filter<string>, fields: Resolver, seen: Seen): Filter<Field> {
  return visitFilter(planning(fields, seen), filter);
}

function planning(fields: Resolver, seen: Seen): FilterVisitor<string, Filter<Field>> {
  const plan = (filter: Filter<string>): Filter<Field> => visitFilter(visitor, filter);
  const typed = (name: string, use: string): Field => fields.typed(fields.resolve(name), use);
  /** Equality also finds the tokens of what is not typed, but no token says that there is no value. */
  const operand = (field: Field, value: Operand): Operand => {
    if (value === null) fields.typed(field, "eq null");
    return isDatetime(field) && typeof value === "string" ? parseInstant(value, nameOf(field)) : value;
  };
  const visitor: FilterVisitor<string, Filter<Field>> = {
    all: (f) => ({ ...f, of: f.of.map(plan) }),
    any: (f) => ({ ...f, of: f.of.map(plan) }),
    not: (f) => ({ ...f, of: plan(f.of) }),
    eq: (f) => {
      const field = fields.resolve(f.field);
      return { ...f, field, value: operand(field, f.value) };
    },
    in: (f) => {
      const field = fields.resolve(f.field);
      if (isDatetime(field) && f.values.length > LIMITS_QUERY.timeListOperand) {
        throw new MillraceError(
          "InvalidFilterError",
          `in on ${nameOf(field)} has ${f.values.length} times; at most ${LIMITS_QUERY.timeListOperand} can be asked for. Use gte and lt.`,
        );
      }
      return { ...f, field, values: f.values.map((value) => operand(field, value)) };
    },
    compare: (f) => {
      const field = typed(f.field, f.op);
      return { ...f, field, value: comparable(field, f.op, f.value) };
    },
    exists: (f) => ({ ...f, field: typed(f.field, "exists") }),
    contains: (f) => {
      if (typeof f.value === "string" && f.value.length > LIMITS_QUERY.containsChars) {
        throw new MillraceError(
          "InvalidFilterError",
          `contains has a text of ${f.value.length} characters; the most is ${LIMITS_QUERY.containsChars}.`,
        );
      }
      return { ...f, field: typed(f.field, "contains") };
    },
    regex: (f) => {
      parseRegex(f.pattern);
      return { ...f, field: typed(f.field, "regex") };
    },
    within: (f) => {
      const field = fields.resolve(f.field);
      if (field.kind === "property") return { ...f, field: fields.typed(field, "within") };
      throw new MillraceError(
        "InvalidPropertyNameForGeoFilter",
        `within (a geo filter) needs a property that holds [longitude, latitude]; "${field.name}" is a ${field.type}.`,
      );
    },
    same: (f) => {
      const field = typed(f.field, "group_by");
      return { ...f, field, values: f.values.map((value) => operand(field, value)) };
    },
    did: ({ kind, actor, deed }) => ({
      kind,
      actor: planActor(actor, "did", fields),
      deed: { ...seen, collections: deed.collections, filter: all(seen.filter, plan(deed.filter)) },
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
