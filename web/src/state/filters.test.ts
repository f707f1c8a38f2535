import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFilter, encodeFilter, keenFilter, toggleFilter, type PageFilter } from "./filters.ts";

const anyFilter: fc.Arbitrary<PageFilter> = fc.record({
  field: fc.oneof(
    fc.constantFrom("$page.path", "$geo.country", "$collection", "response.status", "country", "page"),
    fc.string({ minLength: 1, unit: "grapheme" }).map((name) => `p.${name}`),
  ),
  op: fc.constantFrom("is", "isnt"),
  value: fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean(), fc.constant(null)),
});

test("what is written into the address is read back, with its type", () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      expect(decodeFilter(encodeFilter(filter))).toEqual(filter);
    }),
  );
});

test("common filters are readable in the address", () => {
  expect(encodeFilter({ field: "$geo.country", op: "is", value: "DE" })).toBe("country:DE");
  expect(encodeFilter({ field: "$page.path", op: "isnt", value: "/a:b" })).toBe("page!:/a:b");
  expect(encodeFilter({ field: "$source", op: "is", value: null })).toBe("source");
  expect(encodeFilter({ field: "response.status", op: "is", value: 404 })).toBe("response.status:404");
});

test("the text 404 and the number 404 are different filters", () => {
  expect(decodeFilter(encodeFilter({ field: "x", op: "is", value: "404" }))?.value).toBe("404");
  expect(decodeFilter(encodeFilter({ field: "x", op: "is", value: 404 }))?.value).toBe(404);
});

test("mangled text is no filter, and does not throw", () => {
  expect(decodeFilter("")).toBeUndefined();
  expect(decodeFilter(":x")).toBeUndefined();
  expect(decodeFilter("%E0%A4%A")).toBeUndefined();
});

test("the second click on a row undoes the first", () => {
  const de: PageFilter = { field: "$geo.country", op: "is", value: "DE" };
  expect(toggleFilter([], de)).toEqual([de]);
  expect(toggleFilter([de], de)).toEqual([]);
});

test("another value of the same field replaces the first: both could never hold", () => {
  const de: PageFilter = { field: "$geo.country", op: "is", value: "DE" };
  const fr: PageFilter = { field: "$geo.country", op: "is", value: "FR" };
  const notUs: PageFilter = { field: "$geo.country", op: "isnt", value: "US" };
  expect(toggleFilter([notUs, de], fr)).toEqual([notUs, fr]);
  expect(toggleFilter([de], notUs)).toEqual([de, notUs]);
});

test("null asks for events without a value", () => {
  expect(keenFilter({ field: "$source", op: "is", value: null })).toEqual({
    property_name: "$source",
    operator: "eq",
    property_value: null,
  });
});
