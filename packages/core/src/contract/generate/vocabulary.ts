import fc from "fast-check";
import type { Json, JsonObject } from "../../values/json.ts";

/**
 * One small vocabulary for random events and questions: few names and few values, so that filters hit, groups repeat and one name
 * has values of every type.
 */

export const HOUR = 3_600_000;
/** Clocks go back in Berlin this night, forward on Lord Howe three weeks before; a year has all its edges near it. */
const CENTRE = Date.UTC(2026, 9, 25, 0, 30);

const STRINGS = [
  "",
  "a",
  "b",
  "ab",
  "AB",
  "5",
  "true",
  "null",
  "a\nb",
  "ä",
  "\u{1F600}",
  "\uFFFD",
  "[1]",
  "x'y\"z\\",
  "a\u0000b",
];
/** Small ones, and ones that are far from zero and near each other, as amounts in cents and times in milliseconds are. */
const NUMBERS = [-1.5, -1, 0, 0.1, 0.3, 1, 1.5, 2, 5, 7, 250, 1000, 1e9, 1e9 + 1000, 1.7e12, 1.7e12 + 86_400_000];
const NAMES = ["a", "b", "__proto__", "constructor", "ключ 😀", "it's"];
export const PATHS = [...NAMES, "deep.a", "deep.b", "deep.deep.a", "deep", "never"];
export const COLLECTIONS = ["visits", "clicks"];
const STRING_FIELDS = ["$page.path", "$geo.country", "$collection"];
const NUMBER_FIELDS = ["$engaged_ms", "$visit.page"];
export const DATETIME_FIELDS = ["keen.timestamp", "keen.created_at", "$visit.start"];

export const string = fc.constantFrom(...STRINGS);
export const number = fc.constantFrom(...NUMBERS);
export const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  string,
  number,
  fc.boolean(),
  fc.constant(null),
);
export const array: fc.Arbitrary<Json[]> = fc.oneof(
  { weight: 4, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), record(scalar)), { maxLength: 2 }),
  },
);
/** Places of which no two are at a distance that is asked for, and what only looks like one. */
export const place: fc.Arbitrary<Json[]> = fc.constantFrom<Json[][]>(
  [13.4, 52.5],
  [13.4, 52.6],
  [-122.42, 37.77],
  [180, 0],
  [-179.9, 0.1],
  [0, 90],
  [1e-7, -90],
  [13.4, 152],
  [181, 0],
  [13.4, "52.5"],
  [13.4, 52.5, 0],
  [[13.4], 52.5],
  ["13.4,52.5"],
  [true, 1],
);
/** Objects over {@link NAMES}; `__proto__` is an own property, as JSON.parse makes it. */
export function record<T extends Json>(value: fc.Arbitrary<T>): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 3, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
}

export const timestamp = fc.oneof(
  fc.integer({ min: -80, max: 80 }).map((half) => CENTRE + half * (HOUR / 2)),
  fc.integer({ min: -100, max: 100 }).map((day) => CENTRE + day * 24 * HOUR - 1),
);

export const anyField = fc.constantFrom(...PATHS, ...STRING_FIELDS, ...NUMBER_FIELDS, "$bot.is", "$bot.reasons");
/** What can be grouped by and listed. */
export const keyField = fc.oneof({ weight: 6, arbitrary: anyField }, fc.constantFrom(...DATETIME_FIELDS));
export const orderedField = fc.constantFrom(...PATHS, ...STRING_FIELDS, ...NUMBER_FIELDS);
export const numericField = fc.constantFrom(...PATHS, ...NUMBER_FIELDS);
