import type { StoredEvent } from "../event/event.ts";
import { visitFilter, type Filter, type FilterVisitor, type Operand } from "../query/filter.ts";
import type { Field } from "../query/field.ts";
import { parseRegex } from "../query/regex.ts";
import { toJavaScript } from "../query/regex-emit.ts";
import { canonicalJson, compareStrings, type Json } from "../values/json.ts";
import { valueKey, type Value } from "../values/value.ts";
import { isPlace, metresBetween } from "../query/geo.ts";
import { fieldValue, groupValue, sentValue } from "./reference-value.ts";

/** The truth table of core/query/filter.ts, row by row. */
export function passes(event: StoredEvent, filter: Filter<Field>): boolean {
  const value = (field: Field) => fieldValue(event, field);
  const equal = (field: Field, operand: Operand) =>
    equals(operand === null ? value(field) : sentValue(event, field), operand);
  const truth: FilterVisitor<Field, boolean> = {
    all: ({ of }) => of.every((part) => passes(event, part)),
    any: ({ of }) => of.some((part) => passes(event, part)),
    not: ({ of }) => !passes(event, of),
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
  };
  return visitFilter(truth, filter);
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
