import {
  canonicalJson,
  EARTH_METRES,
  elementToken,
  overflowToken,
  toRe2,
  parseRegex,
  visitFilter,
  type CompareOp,
  type EventsPlan,
  type Field,
  type Filter,
  type FilterVisitor,
  type Operand,
  type GeoPoint,
  type Value,
} from "@millrace/core";
import { compileKey } from "./actors/key.ts";
import { fieldSql, presence, type FieldSql } from "./compile-field.ts";
import { identifier } from "./schema.ts";
import { literal, type Binder } from "./statement.ts";

/**
 * A filter as an SQL condition for WHERE and FILTER. Core's filters are two-valued, SQL has NULL: every leaf is true exactly
 * when the filter is, and AND, OR, WHERE keep that, since to them NULL is as good as false. Only NOT tells them apart, so NOT
 * alone turns NULL into false first; leaves stay bare, which lets DuckDB prune by them.
 */
export function compileFilter(filter: Filter<Field>, binder: Binder): string {
  return visitFilter(visitor(binder), filter);
}

const OPERATORS: Record<CompareOp, string> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };

function visitor(binder: Binder): FilterVisitor<Field, string> {
  const compile = (filter: Filter<Field>): string => compileFilter(filter, binder);
  return {
    all: ({ of }) => joined("AND", of.map(compile)),
    any: ({ of }) => joined("OR", of.map(compile)),
    not: ({ of }) => `(NOT coalesce(${compile(of)}, false))`,
    eq: ({ field, value }) => equals(fieldSql(field, binder), value, binder),
    in: ({ field, values }) => among(fieldSql(field, binder), values, binder),
    compare: ({ field, op, value }) => compare(fieldSql(field, binder), OPERATORS[op], value, binder),
    exists: ({ field }) => exists(fieldSql(field, binder)),
    contains: ({ field, value }) => contains(fieldSql(field, binder), value, binder),
    regex: ({ field, pattern }) => {
      const { string } = fieldSql(field, binder);
      return string === undefined ? "false" : `regexp_matches(${string}, ${binder.text(toRe2(parseRegex(pattern)))})`;
    },
    within: ({ field, centre, metres }) => within(fieldSql(field, binder), centre, metres, binder),
    same: ({ field, values }) => same(fieldSql(field, binder), values, binder),
    did: ({ actor, deed }) => did(actor, deed, binder),
  };
}

/** Who did it is gathered once for the whole statement: the subquery asks nothing of the event that is looked at. */
function did(actor: Field, deed: EventsPlan, binder: Binder): string {
  const who = compileKey([actor], binder).sql[0] ?? "NULL";
  const conditions = [...partsOf(deed, binder), `${who} IS NOT NULL`];
  return `(${who} IN (SELECT ${who} FROM events WHERE ${conditions.join(" AND ")}))`;
}

/** Conditions that an event of the set meets all of. The project first, outside of everything the caller wrote. */
export function partsOf(plan: EventsPlan, binder: Binder): string[] {
  const parts = [`"project" = ${binder.text(plan.project)}`, collections(plan.collections, binder)];
  if (plan.range) {
    const column = identifier(plan.time);
    parts.push(`${column} >= ${literal(plan.range.start)}`, `${column} < ${literal(plan.range.end)}`);
  }
  parts.push(...conjuncts(plan.filter).map((filter) => compileFilter(filter, binder)));
  return parts.filter((part) => part !== "true");
}

function conjuncts(filter: Filter<Field>): readonly Filter<Field>[] {
  return filter.kind === "all" ? filter.of.flatMap(conjuncts) : [filter];
}

function collections(names: readonly string[], binder: Binder): string {
  const field: Field = { kind: "standard", name: "$collection", column: "collection", type: "string" };
  return compileFilter({ kind: "in", field, values: names }, binder);
}

function equals(sql: FieldSql, value: Operand, binder: Binder): string {
  if (value === null) return isNull(sql);
  const untyped = overflowHolds(sql, [value], binder);
  if (Array.isArray(value)) return joined("OR", [equalsArray(sql, value, binder), ...untyped]);
  return joined("OR", [...scalarEquals(sql, value, binder), ...holds(sql, value, binder), ...untyped]);
}

/** Types that differ are never equal, so only the expression of the operand's own type is asked. */
function scalarEquals(sql: FieldSql, value: string | number | boolean, binder: Binder): string[] {
  if (typeof value === "string") return sql.string === undefined ? [] : [`${sql.string} = ${binder.text(value)}`];
  if (typeof value === "boolean") return sql.boolean === undefined ? [] : [`${sql.boolean} = ${binder.boolean(value)}`];
  if (sql.instant !== undefined) return [`${sql.instant} = ${instant(value, binder)}`];
  return sql.number === undefined ? [] : [`${sql.number} = ${binder.number(value)}`];
}

/** Membership of a scalar in an array value. */
function holds(sql: FieldSql, value: string | number | boolean, binder: Binder): string[] {
  if (sql.strings !== undefined) {
    return typeof value === "string" ? [`list_contains(${sql.strings}, ${binder.text(value)})`] : [];
  }
  return sql.elements === undefined ? [] : [`list_contains(${sql.elements}, ${binder.text(elementToken(value))})`];
}

/** Missing, an explicit null, or an array with a null in it. */
function isNull(sql: FieldSql): string {
  const missing = `NOT ${exists(sql)}`;
  if (sql.json === undefined || sql.elements === undefined) return `(${missing})`;
  return `(${missing} OR ${sql.json} = 'null' OR list_contains(${sql.elements}, 'null'))`;
}

function equalsArray(sql: FieldSql, value: Exclude<Operand, string | number | boolean | null>, binder: Binder): string {
  if (sql.json !== undefined) return `(${sql.json} = ${binder.text(canonicalJson(value))})`;
  if (sql.strings === undefined || !value.every((item) => typeof item === "string")) return "false";
  return `(${sql.strings} = ${binder.texts(value)})`;
}

/**
 * The column of which nearly every question names several values. There are few of them, so it is stored as a dictionary: a function of
 * it alone is computed once for each entry of that, an IN list is compared with every row. Of three million events that was two thirds
 * of the time of a count.
 */
const COLLECTION = identifier("collection");
/** A list is looked through from its beginning; longer ones are hashed by IN. */
const FEW = 50;

/**
 * `in` is the `eq` of some member. Strings and numbers go into one IN list each, which DuckDB hashes, and one overlap test for
 * arrays: ten thousand members would be ten thousand comparisons per row otherwise.
 */
function among(sql: FieldSql, values: readonly Operand[], binder: Binder): string {
  const rest = values.filter((v) => typeof v === "boolean" || v === null || Array.isArray(v));
  const strings = values.filter((v) => typeof v === "string");
  const numbers = values.filter((v) => typeof v === "number");
  const { overflow: _, ...typed } = sql;
  const conditions = rest.map((value) => equals(typed, value, binder));
  if (sql.string !== undefined && strings.length > 0)
    conditions.push(
      sql.string === COLLECTION && strings.length > 1 && strings.length <= FEW
        ? `list_contains(${binder.texts(strings)}, ${sql.string})`
        : inList(
            sql.string,
            strings.map((value) => binder.text(value)),
          ),
    );
  if (sql.number !== undefined && numbers.length > 0)
    conditions.push(
      inList(
        sql.number,
        numbers.map((value) => binder.number(value)),
      ),
    );
  if (sql.instant !== undefined && numbers.length > 0)
    conditions.push(
      inList(
        sql.instant,
        numbers.map((value) => instant(value, binder)),
      ),
    );
  if (sql.strings !== undefined && strings.length > 0)
    conditions.push(`list_has_any(${sql.strings}, ${binder.texts(strings)})`);
  if (sql.elements !== undefined && strings.length + numbers.length > 0)
    conditions.push(`list_has_any(${sql.elements}, ${binder.texts([...strings, ...numbers].map(elementToken))})`);
  conditions.push(...overflowHolds(sql, values, binder));
  return joined("OR", conditions);
}

function inList(expression: string, placeholders: readonly string[]): string {
  return `${expression} IN (${placeholders.join(", ")})`;
}

/** DuckDB compares strings by their UTF-8 bytes, which is core's order. */
function compare(sql: FieldSql, operator: string, value: string | number, binder: Binder): string {
  if (typeof value === "string")
    return sql.string === undefined ? "false" : `(${sql.string} ${operator} ${binder.text(value)})`;
  if (sql.instant !== undefined) return `(${sql.instant} ${operator} ${instant(value, binder)})`;
  return sql.number === undefined ? "false" : `(${sql.number} ${operator} ${binder.number(value)})`;
}

function exists(sql: FieldSql): string {
  return joined(
    "OR",
    presence(sql).map((expression) => `${expression} IS NOT NULL`),
  );
}

function contains(sql: FieldSql, value: string | number | boolean, binder: Binder): string {
  const inside =
    typeof value === "string" && sql.string !== undefined ? [`contains(${sql.string}, ${binder.text(value)})`] : [];
  return joined("OR", [...inside, ...holds(sql, value, binder)]);
}

/** Equality with values that are not typed. Null is none of them: no token says that there is no value. */
function overflowHolds({ overflow }: Pick<FieldSql, "overflow">, values: readonly Operand[], binder: Binder): string[] {
  const tokens = values.flatMap((value) =>
    overflow && value !== null ? [overflowToken(overflow.path, canonicalJson(value))] : [],
  );
  return overflow && tokens.length > 0 ? [`list_has_any(${overflow.list}, ${binder.texts(tokens)})`] : [];
}

/**
 * Haversine, step by step as core's `metresBetween`, over the text of an array, which is read once for each event: in a list of one, so
 * that it has a name. What has quotes is no pair of numbers, whatever they hold. Most of the world is ruled out by its latitude alone,
 * before anything is computed; a little more than that is not, for what rounding does.
 */
function within(
  { json = "NULL" }: FieldSql,
  { longitude, latitude }: GeoPoint,
  metres: number,
  binder: Binder,
): string {
  const [lon, lat] = ["p[1]", "p[2]"];
  const rad = (degrees: string) => `(${degrees} * pi() / 180)`;
  const phi = binder.number((latitude * Math.PI) / 180);
  const north = `pow(sin((${rad(lat)} - ${phi}) / 2), 2)`;
  const east = `pow(sin(${rad(`(${lon} - ${binder.number(longitude)})`)} / 2), 2)`;
  const half = `(${north} + cos(${phi}) * cos(${rad(lat)}) * ${east})`;
  const distance = `2 * ${binder.number(EARTH_METRES)} * asin(sqrt(least(1, ${half})))`;
  const band = ((metres / EARTH_METRES) * 180) / Math.PI;
  const isNear = `abs(${lat} - ${binder.number(latitude)}) <= ${binder.number(band * (1 + 1e-9) + 1e-9)}`;
  const isPlace = `len(p) = 2 AND ${isNear} AND abs(${lon}) <= 180 AND abs(${lat}) <= 90`;
  const near = `CASE WHEN ${isPlace} THEN ${distance} <= ${binder.number(metres)} ELSE false END`;
  const pair = `CASE WHEN NOT contains(${json}, '"') THEN try_cast(${json} AS DOUBLE[]) END`;
  return `list_contains(list_transform([${pair}], lambda p: ${near}), true)`;
}

/** The group an event is in, which is its whole value: what an array holds does not count, and neither do tokens. */
function same(sql: FieldSql, values: readonly Value[], binder: Binder): string {
  const { elements: _, overflow: __, ...whole } = sql;
  const present = values.filter((value) => value !== null);
  const { strings, ...scalars } = whole;
  const lists = present.flatMap((value) =>
    strings !== undefined && Array.isArray(value) ? [equalsArray(sql, value, binder)] : [],
  );
  const nothing = presence({ ...whole, ...(sql.json !== undefined && { json: `nullif(${sql.json}, 'null')` }) });
  return joined("OR", [
    ...(present.length > 0 ? [among(scalars, present, binder)] : []),
    ...lists,
    ...(values.includes(null) ? [`(${nothing.map((expression) => `${expression} IS NULL`).join(" AND ")})`] : []),
  ]);
}

/** A fraction of a millisecond compares as a double; whole ones stay BIGINT, so that row groups are pruned. */
function instant(value: number, binder: Binder): string {
  return Number.isSafeInteger(value) ? binder.whole(value) : binder.number(value);
}

function joined(operator: "AND" | "OR", conditions: readonly string[]): string {
  if (conditions.length === 0) return operator === "AND" ? "true" : "false";
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(` ${operator} `)})`;
}
