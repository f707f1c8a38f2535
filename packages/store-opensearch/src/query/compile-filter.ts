import {
  canonicalJson,
  EARTH_METRES,
  elementToken,
  literalRegex,
  overflowToken,
  parseRegex,
  toLucene,
  visitFilter,
  type CompareOp,
  type Field,
  type Filter,
  type FilterVisitor,
  type Operand,
  type GeoPoint,
  type Regex,
  type Value,
} from "@millrace/core";
import { fieldDsl, valueFields, type FieldDsl } from "./compile-field.ts";
import { equalityTerm } from "../term.ts";

/** A query of the search DSL. */
export type Dsl = Readonly<Record<string, unknown>>;

const MATCH_NONE: Dsl = { match_none: {} };
const MATCH_ALL: Dsl = { match_all: {} };

/** A filter as a query. Both are two-valued, so `not` is `must_not` and nothing more. */
export function compileFilter(filter: Filter<Field>): Dsl {
  return visitFilter(visitor, filter);
}

const visitor: FilterVisitor<Field, Dsl> = {
  all: ({ of }) => every(of.map(compileFilter)),
  any: ({ of }) => some(of.map(compileFilter)),
  not: ({ of }) => not(compileFilter(of)),
  eq: ({ field, value }) => among(fieldDsl(field), [value]),
  in: ({ field, values }) => among(fieldDsl(field), values),
  compare: ({ field, op, value }) => compare(fieldDsl(field), op, value),
  exists: ({ field }) => present(fieldDsl(field)),
  contains: ({ field, value }) => contains(fieldDsl(field), value),
  regex: ({ field, pattern }) => {
    const { string } = fieldDsl(field);
    if (string === undefined) return MATCH_NONE;
    return matches(string, parseRegex(pattern));
  },
  within: ({ field, centre, metres }) => within(fieldDsl(field), centre, metres),
  same: ({ field, values }) => same(fieldDsl(field), values),
  did: () => {
    throw new RangeError("A deed is settled (deeds.ts) before its filter is compiled.");
  },
};

export function every(of: readonly Dsl[]): Dsl {
  const rest = of.filter((each) => each !== MATCH_ALL);
  if (rest.includes(MATCH_NONE)) return MATCH_NONE;
  if (rest.length === 0) return MATCH_ALL;
  return rest.length === 1 ? (rest[0] as Dsl) : { bool: { filter: rest } };
}

export function some(of: readonly Dsl[]): Dsl {
  const rest = of.filter((each) => each !== MATCH_NONE);
  if (rest.includes(MATCH_ALL)) return MATCH_ALL;
  if (rest.length === 0) return MATCH_NONE;
  return rest.length === 1 ? (rest[0] as Dsl) : { bool: { should: rest, minimum_should_match: 1 } };
}

function not(of: Dsl): Dsl {
  if (of === MATCH_NONE) return MATCH_ALL;
  return of === MATCH_ALL ? MATCH_NONE : { bool: { must_not: of } };
}

/** True for an event that has the field, an explicit null included. */
function present(dsl: FieldDsl): Dsl {
  return some([...valueFields(dsl).map(exists), ...nullTerm(dsl)]);
}

function exists(field: string): Dsl {
  return { exists: { field } };
}

function nullTerm({ nullTerm: term }: FieldDsl): Dsl[] {
  return term === undefined ? [] : [{ term: { nulls: term } }];
}

/** `in` is the `eq` of some member: one list of terms per type, because values of different types are never equal. */
function among(dsl: FieldDsl, values: readonly Operand[]): Dsl {
  const strings = values.filter((value) => typeof value === "string");
  const numbers = values.filter((value) => typeof value === "number");
  const booleans = values.filter((value) => typeof value === "boolean");
  const arrays = values.filter((value) => Array.isArray(value));
  return some([
    terms(dsl.string, strings),
    terms(dsl.number, numbers),
    terms(
      dsl.instant,
      numbers.filter((value) => Number.isSafeInteger(value)),
    ),
    terms(dsl.boolean, booleans),
    terms(
      dsl.json,
      arrays.map((value) => equalityTerm(canonicalJson(value))),
    ),
    holds(dsl, [...strings, ...numbers, ...booleans]),
    ...(values.includes(null) ? [isNull(dsl)] : []),
    overflowHolds(dsl, values),
  ]);
}

function terms(field: string | undefined, values: readonly (string | number | boolean)[]): Dsl {
  if (field === undefined || values.length === 0) return MATCH_NONE;
  return values.length === 1 ? { term: { [field]: values[0] } } : { terms: { [field]: values } };
}

/** Membership of some scalar in an array value. */
function holds({ elements }: FieldDsl, values: readonly (string | number | boolean)[]): Dsl {
  if (elements === undefined) return MATCH_NONE;
  if (elements.of === "strings") {
    return terms(
      elements.field,
      values.filter((value) => typeof value === "string"),
    );
  }
  return terms(
    elements.field,
    values.map((value) => equalityTerm(elementToken(value))),
  );
}

/** Missing, an explicit null, or an array with a null in it: exactly what has no value, and what holds the token of null. */
function isNull(dsl: FieldDsl): Dsl {
  const nothing = not(some(valueFields(dsl).map(exists)));
  return dsl.elements?.of === "tokens"
    ? some([nothing, { term: { [dsl.elements.field]: elementToken(null) } }])
    : nothing;
}

/** Equality with values that are not typed. Null is none of them: no token says that there is no value. */
function overflowHolds({ overflowPath: path }: FieldDsl, values: readonly Operand[]): Dsl {
  if (path === undefined) return MATCH_NONE;
  const present = values.filter((value) => value !== null);
  return terms(
    "overflow",
    present.map((value) => equalityTerm(overflowToken(path, canonicalJson(value)))),
  );
}

/** Coordinates are kept as the text of their array: a script reads it, event by event of those that the other filters let through. */
function within({ json }: FieldDsl, { longitude, latitude }: GeoPoint, metres: number): Dsl {
  if (json === undefined) return MATCH_NONE;
  const params = { field: json, longitude, latitude, metres, earth: EARTH_METRES };
  return every([exists(json), { script: { script: { lang: "painless", source: WITHIN, params } } }]);
}

/** Haversine, step by step as core's `metresBetween`. The text never changes, so that the server compiles it once. */
const WITHIN = `
if (!doc.containsKey(params.field) || doc[params.field].size() == 0) return false;
String text = doc[params.field].value;
int comma = text.indexOf(',');
if (comma < 0 || comma != text.lastIndexOf(',') || text.charAt(0) != (char) '[') return false;
char first = text.charAt(1);
char second = text.charAt(comma + 1);
if (first != (char) '-' && !Character.isDigit(first) || second != (char) '-' && !Character.isDigit(second)) return false;
double longitude = Double.parseDouble(text.substring(1, comma));
double latitude = Double.parseDouble(text.substring(comma + 1, text.length() - 1));
if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) return false;
double phi = (double) params.latitude * Math.PI / 180;
double other = latitude * Math.PI / 180;
double north = Math.pow(Math.sin((other - phi) / 2), 2);
double east = Math.pow(Math.sin((longitude - (double) params.longitude) * Math.PI / 180 / 2), 2);
double half = north + Math.cos(phi) * Math.cos(other) * east;
return 2 * (double) params.earth * Math.asin(Math.sqrt(Math.min(1.0, half))) <= (double) params.metres;`;

/** The group an event is in, which is its whole value: what an array holds does not count, and neither do tokens. */
function same(dsl: FieldDsl, values: readonly Value[]): Dsl {
  const { elements: _, overflowPath: __, ...whole } = dsl;
  return among(whole, values);
}

/** Keywords are ordered by their UTF-8 bytes, which is core's order. */
function compare(dsl: FieldDsl, op: CompareOp, value: string | number): Dsl {
  if (typeof value === "string") return dsl.string === undefined ? MATCH_NONE : range(dsl.string, op, value);
  if (dsl.instant !== undefined) return compareInstant(dsl.instant, op, value);
  return dsl.number === undefined ? MATCH_NONE : range(dsl.number, op, value);
}

function range(field: string, op: CompareOp, value: string | number): Dsl {
  return { range: { [field]: { [op]: value } } };
}

/** Instants are whole milliseconds, so a fraction moves to the next whole one, and what is beyond all dates is the last date. */
function compareInstant(field: string, op: CompareOp, value: number): Dsl {
  const down = op === "lte" || op === "gt";
  const whole = Number.isInteger(value) ? value : down ? Math.floor(value) : Math.ceil(value);
  return range(field, op, Math.min(Math.max(whole, -MAX_INSTANT), MAX_INSTANT));
}

/** Beyond every timestamp that can be stored. */
const MAX_INSTANT = 9e15;

function contains(dsl: FieldDsl, value: string | number | boolean): Dsl {
  return some([typeof value === "string" ? inside(dsl.string, value) : MATCH_NONE, holds(dsl, [value])]);
}

function inside(field: string | undefined, text: string): Dsl {
  if (field === undefined) return MATCH_NONE;
  if (text === "") return exists(field);
  if (text.length > SURELY_SIMPLE) return matches(field, literalRegex(text));
  return { wildcard: { [field]: { value: `*${text.replace(/[*?\\]/g, "\\$&")}*` } } };
}

/** Whatever a text of this length is, it is within the effort that the engine spends on a wildcard; only patterns can ask for more. */
const SURELY_SIMPLE = 250;
/**
 * The engine's measure of effort for one pattern, in its own unit (tens of places). Planning has refused what needs more than a
 * fifth of it: without a bound one pattern of twenty characters takes all memory of a node.
 */
const MAX_STATES = 100_000;

function matches(field: string, regex: Regex): Dsl {
  return { regexp: { [field]: { value: toLucene(regex), flags: "NONE", max_determinized_states: MAX_STATES } } };
}
