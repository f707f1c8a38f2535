import fc from "fast-check";
import { expect, test } from "vitest";
import { COMPARISONS } from "./compare.ts";
import { INTERVALS } from "./interval.ts";
import { METRICS } from "./metrics.ts";
import { RANGES } from "./ranges.ts";
import { BOTS_MODES, DEFAULT_SEARCH, parseSearch, stringifySearch, type Search } from "./search.ts";

const date = fc.date({ min: new Date("2000-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
const day = date.map((d) => d.toISOString().slice(0, 10));
const anySearch: fc.Arbitrary<Search> = fc
  .record({
    project: fc.option(fc.uuid(), { nil: undefined }),
    range: fc.constantFrom(...RANGES.map((r) => r.name)),
    from: fc.option(day, { nil: undefined }),
    to: fc.option(day, { nil: undefined }),
    by: fc.option(fc.constantFrom(...INTERVALS.map((i) => i.name)), { nil: undefined }),
    compare: fc.constantFrom(...COMPARISONS.map((c) => c.name)),
    metric: fc.option(fc.constantFrom(...METRICS.map((m) => m.id)), { nil: undefined }),
    bots: fc.constantFrom(...BOTS_MODES),
    view: fc.constantFrom("chart", "table"),
    filters: fc.uniqueArray(
      fc.record({
        field: fc.constantFrom("$page.path", "$geo.country", "plan"),
        op: fc.constantFrom("is", "isnt", "contains"),
        values: fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.constant(null)), { minLength: 1 }),
      }),
      { maxLength: 4 },
    ),
    pages: fc.constantFrom("page", "entry", "download"),
    sources: fc.constantFrom("channel", "source", "campaign"),
    places: fc.constantFrom("country", "city"),
    devices: fc.constantFrom("device", "browser", "os"),
    property: fc.option(fc.string({ minLength: 1, unit: "grapheme" }), { nil: undefined }),
    number: fc.option(fc.string({ minLength: 1, unit: "grapheme" }), { nil: undefined }),
    more: fc.option(fc.constantFrom("pages", "sources"), { nil: undefined }),
    columns: fc.option(fc.array(fc.string({ minLength: 1, unit: "grapheme" })), { nil: undefined }),
    theme: fc.constantFrom("auto", "light", "dark"),
  })
  // Dates belong to a custom range only; elsewhere the address leaves them out.
  .map((search) =>
    search.range === "custom" ? search : { ...search, from: undefined, to: undefined },
  ) as fc.Arbitrary<Search>;

test("a copied address is the same view", () => {
  fc.assert(
    fc.property(anySearch, (search) => {
      expect(parseSearch(stringifySearch(search))).toEqual(search);
    }),
  );
});

test("what is default is not in the address", () => {
  expect(stringifySearch(DEFAULT_SEARCH)).toBe("");
  expect(parseSearch("")).toEqual({ ...DEFAULT_SEARCH });
});

test("the address is readable", () => {
  const filters = [{ field: "$page.path", op: "is", values: ["/blog/a b"] } as const];
  expect(stringifySearch({ ...DEFAULT_SEARCH, range: "7d", filters })).toBe("?range=7d&f=page:/blog/a%20b");
});

test("a mangled address opens with defaults instead of an error", () => {
  const search = parseSearch(
    "?range=eternity&from=2026-02-30&metric=__proto__&bots=robots&by=second&f=:&f=%25E0&theme=pink",
  );
  expect(search).toEqual({ ...DEFAULT_SEARCH });
});
