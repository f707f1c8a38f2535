import fc from "fast-check";
import { EVERYTHING, type Filter } from "../../query/filter.ts";
import { parseRegex } from "../../query/regex.ts";
import {
  anyField,
  array,
  COLLECTIONS,
  DATETIME_FIELDS,
  number,
  orderedField,
  PATHS,
  place,
  scalar,
  string,
  timestamp,
} from "./vocabulary.ts";

const operand = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: array });
const knownPattern = fc.constantFrom(
  "^(a|b)$",
  "[^a]",
  "^\\d+$",
  "^.?$",
  "ä|ab",
  "^$",
  "[a-c]{2,3}",
  "\\\\",
  "(a|A)(b|B)",
);
const piece = fc.constantFrom(
  "a",
  "b",
  "ä",
  "\u{1F600}",
  ".",
  "\\d",
  "\\W",
  "[a-c]",
  "[^b]",
  "(",
  ")",
  "|",
  "*",
  "+",
  "?",
  "{2}",
  "{0,2}",
  "^",
  "$",
);
/** Whatever of the pieces happens to be in the subset. */
const randomPattern = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(""))
  .filter(isPattern);
const pattern = fc.oneof(knownPattern, randomPattern);

function isPattern(text: string): boolean {
  try {
    parseRegex(text);
    return true;
  } catch {
    return false;
  }
}

const filterLeaf: fc.Arbitrary<Filter<string>> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("eq" as const), field: anyField, value: operand }) },
  fc.record({ kind: fc.constant("in" as const), field: anyField, values: fc.array(operand, { maxLength: 4 }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("compare" as const),
      field: orderedField,
      op: fc.constantFrom("lt" as const, "lte" as const, "gt" as const, "gte" as const),
      value: fc.oneof(string, number),
    }),
  },
  fc.record({
    kind: fc.constant("compare" as const),
    field: fc.constantFrom(...DATETIME_FIELDS),
    op: fc.constantFrom("lt" as const, "gte" as const),
    value: timestamp,
  }),
  fc.record({
    kind: fc.constant("in" as const),
    field: fc.constantFrom(...DATETIME_FIELDS),
    values: fc.array(timestamp, { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("exists" as const), field: anyField }),
  fc.record({ kind: fc.constant("contains" as const), field: anyField, value: fc.oneof(string, number, fc.boolean()) }),
  fc.record({ kind: fc.constant("regex" as const), field: anyField, pattern }),
  fc.record({
    kind: fc.constant("within" as const),
    field: fc.constantFrom(...PATHS),
    centre: fc.constantFrom(
      { longitude: 13.41, latitude: 52.5 },
      { longitude: 179.95, latitude: 0.05 },
      { longitude: 0, latitude: 89.9 },
    ),
    metres: fc.constantFrom(0, 5_000, 50_000, 9_000_000, 1e9),
  }),
  fc.record({
    kind: fc.constant("same" as const),
    field: fc.constantFrom(...DATETIME_FIELDS),
    values: fc.array(fc.oneof(timestamp, fc.constant(null)), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("same" as const),
    field: anyField,
    values: fc.array(fc.oneof({ weight: 4, arbitrary: scalar }, array, place), { maxLength: 4 }),
  }),
);

const did: fc.Arbitrary<Filter<string>> = fc.record({
  kind: fc.constant("did" as const),
  actor: orderedField,
  deed: fc.record({
    collections: fc.constantFrom(["visits"], ["clicks"], COLLECTIONS),
    filter: fc.oneof(filterLeaf, fc.constant(EVERYTHING)),
  }),
});

/** Filters up to three levels deep. */
export const filter: fc.Arbitrary<Filter<string>> = fc.letrec<{ node: Filter<string> }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 6, arbitrary: filterLeaf },
    did,
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("not" as const), of: tie("node") }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom("all" as const, "any" as const),
        of: fc.array(tie("node"), { maxLength: 3 }),
      }),
    },
  ),
})).node;
