import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeFilter,
  deedOf,
  deedText,
  encodeFilter,
  FILTER_OPS,
  isFilter,
  keenFilter,
  toggleFilter,
  type PageFilter,
} from "./filters.ts";

const anyFilter: fc.Arbitrary<PageFilter> = fc.record({
  field: fc.oneof(
    fc.constantFrom("$page.path", "$geo.country", "$collection", "response.status", "country", "page", "a~b", "a<b>c!"),
    fc.string({ minLength: 1, unit: "grapheme" }).map((name) => `p.${name}`),
  ),
  op: fc.constantFrom(...FILTER_OPS.map(({ op }) => op)),
  values: fc.array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a|b", "\\", "null", "|", ""),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    { minLength: 1, maxLength: 4 },
  ),
});

test("what is written into the address is read back, with its type", () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      expect(decodeFilter(encodeFilter(filter))).toEqual(filter);
    }),
  );
});

test("common filters are readable in the address", () => {
  expect(encodeFilter(isFilter("$geo.country", "DE"))).toBe("country:DE");
  expect(encodeFilter({ field: "$geo.country", op: "is", values: ["DE", "FR"] })).toBe("country:DE|FR");
  expect(encodeFilter({ field: "$page.path", op: "isnt", values: ["/a:b"] })).toBe("page!:/a:b");
  expect(encodeFilter({ field: "$page.path", op: "contains", values: ["blog"] })).toBe("page~:blog");
  expect(encodeFilter(isFilter("$visit.source", null))).toBe("source");
  expect(encodeFilter({ field: "response.status", op: "above", values: [404] })).toBe("response.status>:404");
});

test("what somebody has done is readable in the address, with its own filters, whatever they hold", () => {
  const deed = { event: "purchases", filters: ["amount>:10", "country:DE"] };
  const filter: PageFilter = { field: "$visit.id", op: "did", values: ["signups", deedText(deed)] };
  expect(encodeFilter(filter)).toBe("visit@:signups|purchases&amount>:10&country:DE");
  expect(encodeFilter({ ...filter, field: "$user", op: "didnt", values: ["a"] })).toBe("user!@:a");
  fc.assert(
    fc.property(fc.string(), fc.array(anyFilter, { maxLength: 3 }), (event, filters) => {
      const text = deedText({ event, filters: filters.map(encodeFilter) });
      const read = decodeFilter(encodeFilter({ ...filter, values: [text] }));
      expect(read?.values.map(deedOf)).toEqual([{ event, filters: filters.map(encodeFilter) }]);
    }),
  );
});

test("who has done something is asked by did, each of several things by its own, and none of them for the contrary", () => {
  const did = (event_collection: string, filters?: object[]) => ({
    property_name: "$visit.id",
    operator: "did",
    property_value: { event_collection, ...(filters && { filters }) },
  });
  const values = ["signups", deedText({ event: "purchases", filters: ["amount>:10"] })];
  const above = { property_name: "amount", operator: "gt", property_value: 10 };
  expect(keenFilter({ field: "$visit.id", op: "did", values })).toEqual({
    operator: "or",
    operands: [did("signups"), did("purchases", [above])],
  });
  expect(keenFilter({ field: "$visit.id", op: "didnt", values })).toEqual({
    operator: "and",
    operands: [did("signups"), did("purchases", [above])].map((each) => ({ ...each, operator: "did_not" })),
  });
});

test("a property that is called as an actor is is filtered as itself", () => {
  const own: PageFilter = { field: "visit", op: "is", values: ["a"] };
  expect(decodeFilter(encodeFilter(own))).toEqual(own);
  const byOwn: PageFilter = { field: "customer", op: "did", values: ["a"] };
  expect(decodeFilter(encodeFilter(byOwn))).toEqual(byOwn);
});

test("the text 404 and the number 404 are different filters", () => {
  expect(decodeFilter(encodeFilter(isFilter("x", "404")))?.values).toEqual(["404"]);
  expect(decodeFilter(encodeFilter(isFilter("x", 404)))?.values).toEqual([404]);
});

test("mangled text is no filter, and does not throw", () => {
  expect(decodeFilter("")).toBeUndefined();
  expect(decodeFilter(":x")).toBeUndefined();
  expect(decodeFilter("%E0%A4%A")).toBeUndefined();
});

test("the second click on a row undoes the first", () => {
  const de = isFilter("$geo.country", "DE");
  expect(toggleFilter([], de)).toEqual([de]);
  expect(toggleFilter([de], de)).toEqual([]);
});

test("another value of the same field replaces the first: both could never hold", () => {
  const de = isFilter("$geo.country", "DE");
  const fr = isFilter("$geo.country", "FR");
  const notUs: PageFilter = { field: "$geo.country", op: "isnt", values: ["US"] };
  expect(toggleFilter([notUs, de], fr)).toEqual([notUs, fr]);
  expect(toggleFilter([de], notUs)).toEqual([de, notUs]);
});

test("null asks for events without a value", () => {
  expect(keenFilter(isFilter("$visit.source", null))).toEqual({
    property_name: "$visit.source",
    operator: "eq",
    property_value: null,
  });
});

test("several values are any of them, and none of them for a negation", () => {
  const eq = (value: string) => ({ property_name: "x", operator: "eq", property_value: value });
  expect(keenFilter({ field: "x", op: "is", values: ["a", "b"] })).toEqual({
    operator: "or",
    operands: [eq("a"), eq("b")],
  });
  expect(keenFilter({ field: "x", op: "isnt", values: ["a", "b"] })).toMatchObject({ operator: "and" });
});
