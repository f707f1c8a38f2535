import { MillraceError } from "../error.ts";
import { leavesOf, visitFilter, type Filter, type FilterVisitor, type Operand } from "./filter.ts";
import { LIMITS_QUERY } from "./limits.ts";
import type { Field } from "./field.ts";
import { parseRegex } from "./regex.ts";
import { containsCost, regexCost } from "./text-cost.ts";

/**
 * Refuses filters that a search engine would refuse or could be harmed by, so that every store answers the same questions.
 * @param measures the filters of single measures: each is asked together with the filter of the query, not with each other
 * @throws MillraceError `InvalidFilterError`
 */
export function checkEffort(filter: Filter<Field>, measures: readonly Filter<Field>[]): void {
  const clauses = clausesOf(filter) + Math.max(0, ...measures.map(clausesOf));
  if (clauses > LIMITS_QUERY.filterClauses) {
    throw new MillraceError(
      "InvalidFilterError",
      `The filters of this query make ${clauses} conditions in the store, ${LIMITS_QUERY.filterClauses} are allowed. Use fewer filters, or lists with values of one type.`,
    );
  }
  const deeds = [filter, ...measures].flatMap(leavesOf).filter(({ kind }) => kind === "did").length;
  if (deeds > LIMITS_QUERY.deeds) {
    throw new MillraceError(
      "InvalidFilterError",
      `The filters of this query ask ${deeds} times who did something; at most ${LIMITS_QUERY.deeds} are allowed, for each is a pass over the events.`,
    );
  }
  let left: number = LIMITS_QUERY.textSteps;
  for (const text of [filter, ...measures].flatMap(textFilters)) {
    left -= text.kind === "contains" ? containsCost(String(text.value)) : regexCost(parseRegex(text.pattern), left);
    if (left < 0) throw tooComplex(text);
  }
}

type TextFilter = Extract<Filter<Field>, { kind: "contains" | "regex" }>;

function textFilters(filter: Filter<Field>): TextFilter[] {
  return leavesOf(filter).flatMap((leaf) => {
    if (leaf.kind === "did") return textFilters(leaf.deed.filter);
    if (leaf.kind === "contains") return typeof leaf.value === "string" ? [leaf] : [];
    return leaf.kind === "regex" ? [leaf] : [];
  });
}

function tooComplex(filter: TextFilter): MillraceError {
  const text = filter.kind === "contains" ? String(filter.value) : filter.pattern;
  const advice =
    filter.kind === "contains"
      ? "a text that repeats itself must be shorter"
      : "the pattern can match one text in too many ways; use fewer or smaller repetitions, or anchors";
  return new MillraceError(
    "InvalidFilterError",
    `${filter.kind} "${text.slice(0, 60)}" is too complex, alone or together with the other text filters of this query: ${advice}.`,
  );
}

/** At most so many conditions of the engine a filter becomes, where every kind of value is a field of its own. */
function clausesOf(filter: Filter<Field>): number {
  return visitFilter(CLAUSES, filter);
}

const CLAUSES: FilterVisitor<Field, number> = {
  all: ({ of }) => of.reduce((sum, part) => sum + clausesOf(part), 0),
  any: ({ of }) => of.reduce((sum, part) => sum + clausesOf(part), 0),
  not: ({ of }) => clausesOf(of),
  eq: ({ field, value }) => equality(field, [value]),
  in: ({ field, values }) => equality(field, values),
  compare: () => NUMERIC,
  exists: ({ field }) => (isProperty(field) ? KINDS + 1 : 1),
  contains: () => 2,
  regex: () => 1,
  // Computed for each event that the rest lets through: a handful of places, not hundreds.
  within: () => WITHIN,
  same: ({ field, values }) => equality(field, values),
  // Who did it is a list of each kind; the deed itself is a question of its own.
  did: ({ deed }) => Math.max(KINDS, clausesOf(deed.filter)),
};

const WITHIN = LIMITS_QUERY.filterClauses / LIMITS_QUERY.places;

/** A number is looked for in two ways of which the engine takes the cheaper one. */
const NUMERIC = 2;
/** Strings, numbers, booleans and arrays. */
const KINDS = 4;

function equality(field: Field, values: readonly Operand[]): number {
  const count = (type: string) => values.filter((value) => typeof value === type).length;
  const numbers = count("number");
  // The engine has no lists of times: each is a condition of its own.
  if (field.kind === "standard" && field.type === "datetime") return NUMERIC * numbers + 1;
  const ifAny = (some: boolean, clauses: number) => (some ? clauses : 0);
  return (
    ifAny(count("string") > 0, 1) +
    ifAny(numbers > 0, NUMERIC) +
    ifAny(count("boolean") > 0, NUMERIC) +
    ifAny(
      values.some((value) => Array.isArray(value)),
      1,
    ) +
    ifAny(values.includes(null), isProperty(field) ? KINDS + 1 : 1) +
    // Elements of arrays, and tokens of what is not typed.
    ifAny(isProperty(field), field.kind === "property" && field.storage === "split" ? 2 : 1)
  );
}

function isProperty(field: Field): boolean {
  return field.kind === "property";
}
