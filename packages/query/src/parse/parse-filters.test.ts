import { LIMITS, LIMITS_QUERY, type Json } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { parseFilters, parseForcedFilters } from "./parse-filters.ts";

const leaf = (operator: string, property_value: Json, property_name = "a.b") => ({
  property_name,
  operator,
  property_value,
});

describe("comparisons", () => {
  test.each<[string, Json, object]>([
    ["eq", 5, { kind: "eq", field: "a.b", value: 5 }],
    ["eq", null, { kind: "eq", field: "a.b", value: null }],
    ["eq", ["x", [1]], { kind: "eq", field: "a.b", value: ["x", [1]] }],
    ["ne", "x", { kind: "not", of: { kind: "eq", field: "a.b", value: "x" } }],
    ["lt", 5, { kind: "compare", field: "a.b", op: "lt", value: 5 }],
    ["lte", "x", { kind: "compare", field: "a.b", op: "lte", value: "x" }],
    ["gt", 5, { kind: "compare", field: "a.b", op: "gt", value: 5 }],
    ["gte", 5, { kind: "compare", field: "a.b", op: "gte", value: 5 }],
    ["exists", true, { kind: "exists", field: "a.b" }],
    ["exists", "true", { kind: "exists", field: "a.b" }],
    ["exists", false, { kind: "not", of: { kind: "exists", field: "a.b" } }],
    ["exists", "false", { kind: "not", of: { kind: "exists", field: "a.b" } }],
    ["in", [1, "1", null], { kind: "in", field: "a.b", values: [1, "1", null] }],
    ["in", [], { kind: "in", field: "a.b", values: [] }],
    ["contains", "x", { kind: "contains", field: "a.b", value: "x" }],
    ["not_contains", "x", { kind: "not", of: { kind: "contains", field: "a.b", value: "x" } }],
    ["regex", "^/p", { kind: "regex", field: "a.b", pattern: "^/p" }],
  ])("%s %j", (operator, value, filter) => {
    expect(parseFilters([leaf(operator, value)])).toEqual(filter);
  });

  test("several are combined with and; none lets everything through; what a query builder adds is ignored", () => {
    expect(parseFilters([])).toEqual({ kind: "all", of: [] });
    expect(parseFilters([{ ...leaf("eq", 1), property_type: "Number" }, leaf("gt", 2)])).toEqual({
      kind: "all",
      of: [
        { kind: "eq", field: "a.b", value: 1 },
        { kind: "compare", field: "a.b", op: "gt", value: 2 },
      ],
    });
  });
});

describe("did", () => {
  const bought = (filters: Json[] = []) => ({ event_collection: "purchases", filters });
  const deed = (of: Json) => ({ kind: "did", actor: "a.b", deed: { collections: ["purchases"], filter: of } });

  test("names the events in which the value is looked for, and did_not is its contrary", () => {
    const nothing = deed({ kind: "all", of: [] });
    expect(parseFilters([leaf("did", { event_collection: "purchases" })])).toEqual(nothing);
    expect(parseFilters([leaf("did_not", bought())])).toEqual({ kind: "not", of: nothing });
    expect(parseFilters([leaf("did", bought([leaf("gt", 5, "price")]))])).toEqual(
      deed({ kind: "compare", field: "price", op: "gt", value: 5 }),
    );
    expect(parseFilters([leaf("did", { event_collection: ["a", "b", "a"] })])).toMatchObject({
      deed: { collections: ["a", "b"] },
    });
  });

  test.each<[string, Json, string]>([
    ["no object", "purchases", "filters[0].property_value: must be an object with event_collection"],
    ["no collection", {}, "filters[0].property_value.event_collection"],
    ["an empty list", { event_collection: [] }, "filters[0].property_value.event_collection must name"],
    ["a name nobody knows", { ...bought(), timeframe: "today" }, '"timeframe" is not a parameter'],
    ["a filter of its own that is none", bought([leaf("gt", true)]), "property_value.filters[0].property_value of gt"],
    ["another did in it", bought([leaf("did", bought())]), "is not possible inside another did"],
  ])("is refused with %s", (_, value, message) => {
    expect(() => parseFilters([leaf("did", value)])).toThrow(message);
  });

  test("its filters count with those beside it", () => {
    const many = (count: number) => Array.from({ length: count }, () => leaf("eq", 1));
    expect(() => parseFilters([leaf("did", bought(many(120))), ...many(79)])).not.toThrow();
    expect(() => parseFilters([leaf("did", bought(many(120))), ...many(80)])).toThrow("is one too many");
  });

  test("no key and no token forces it upon a question", () => {
    expect(() => parseForcedFilters([{ operator: "not", operands: [leaf("did", bought())] }], "f")).toThrow(
      "f[0].operands[0].property_value of did is not possible in forced filters",
    );
  });
});

describe("within", () => {
  const around = (more: object = {}) => leaf("within", { coordinates: [-122.4, 37.8], max_distance_miles: 2, ...more });

  test("is a place, longitude first, and a distance in miles", () => {
    expect(parseFilters([around()])).toEqual({
      kind: "within",
      field: "a.b",
      centre: { longitude: -122.4, latitude: 37.8 },
      metres: 2 * 1_609.344,
    });
  });

  test.each<[value: object, message: string]>([
    [{ coordinates: [37.8, -122.4] }, ".coordinates must be [longitude, latitude]: -180 to 180, then -90 to 90."],
    [{ coordinates: [1] }, ".coordinates: must be [longitude, latitude]."],
    [{ max_distance_miles: -1 }, ".max_distance_miles: must not be negative."],
    [{ max_distance_miles: "2" }, ".max_distance_miles: must be a number."],
  ])("%j is refused", (value, message) => {
    expect(() => parseFilters([around(value)])).toThrow(
      expect.objectContaining({ code: "InvalidFilterError", message: `filters[0].property_value${message}` }),
    );
  });

  test("a name that it does not know is refused, with the nearest that it knows", () => {
    const message =
      '"max_distance" is not a parameter of filters[0].property_value. Did you mean "max_distance_miles"?';
    expect(() => parseFilters([around({ max_distance: 5 })])).toThrow(
      /is not a parameter of filters\[0\]\.property_value/,
    );
    expect(() => parseFilters([around({ max_distance_mile: 5 })])).toThrow(
      expect.objectContaining({
        code: "InvalidFilterError",
        message: message.replace('max_distance"', 'max_distance_mile"'),
      }),
    );
  });
});

describe("at the limit it is taken", () => {
  const lists = (depth: number): Json => (depth === 0 ? 1 : [lists(depth - 1)]);

  test("a whole list as deep as a stored one can be, and no deeper", () => {
    expect(parseFilters([leaf("eq", lists(LIMITS.depth))])).toMatchObject({ kind: "eq" });
    const message = `filters[0].property_value is nested more than ${LIMITS.depth} deep.`;
    for (const value of [lists(LIMITS.depth + 1), [1, lists(LIMITS.depth), null]]) {
      expect(() => parseFilters([leaf("eq", value)])).toThrow(message);
    }
  });

  test("as many filters, as deep, and as long a list as there may be", () => {
    expect(() => parseFilters([nested(LIMITS_QUERY.filterDepth - 1)])).not.toThrow();
    const operands = Array(LIMITS_QUERY.filterNodes - 1).fill(leaf("eq", 1)) as Json[];
    expect(() => parseFilters([{ operator: "or", operands }])).not.toThrow();
    expect(() => parseFilters([leaf("in", Array(LIMITS_QUERY.listOperand).fill(1) as Json)])).not.toThrow();
  });
});

test("or, and and not nest", () => {
  const vip = { operator: "and", operands: [leaf("eq", true, "vip"), { operator: "not", operands: [leaf("lt", 50)] }] };
  expect(parseFilters([{ operator: "or", operands: [leaf("gt", 100), vip] }])).toEqual({
    kind: "any",
    of: [
      { kind: "compare", field: "a.b", op: "gt", value: 100 },
      {
        kind: "all",
        of: [
          { kind: "eq", field: "vip", value: true },
          { kind: "not", of: { kind: "compare", field: "a.b", op: "lt", value: 50 } },
        ],
      },
    ],
  });
});

function nested(depth: number): Json {
  return depth === 0 ? leaf("eq", 1) : { operator: "and", operands: [nested(depth - 1)] };
}

describe("what is wrong is named by its place", () => {
  test.each<[string, Json, RegExp]>([
    ["not a list", { property_name: "a" }, /^filters: must be a list of filters/],
    ["not an object", [1], /^filters\[0\] must be an object/],
    ["a list", [[]], /^filters\[0\] must be an object/],
    ["null", [null], /^filters\[0\] must be an object/],
    ["unknown operator", [leaf("eq", 1), leaf("like", 1)], /^filters\[1\]\.operator: .*"eq"/],
    ["inherited operator", [leaf("constructor", 1)], /^filters\[0\]\.operator: /],
    ["operator of another type", [{ ...leaf("eq", 1), operator: ["eq"] }], /^filters\[0\]\.operator: /],
    ["no name", [{ operator: "eq", property_value: 1 }], /^filters\[0\]\.property_name: /],
    ["empty name", [leaf("eq", 1, "")], /^filters\[0\]\.property_name: /],
    ["no value", [{ property_name: "a", operator: "eq" }], /^filters\[0\]\.property_value is required/],
    ["object value", [leaf("eq", { x: 1 })], /^filters\[0\]\.property_value must not be an object/],
    ["gt of a boolean", [leaf("gt", true)], /^filters\[0\]\.property_value of gt must be a number or text/],
    ["lt of null", [leaf("lt", null)], /of lt must be a number or text/],
    ["exists of text", [leaf("exists", "yes")], /of exists must be true or false/],
    ["in of text", [leaf("in", "x")], /of in must be a list/],
    ["in of objects", [leaf("in", [1, {}])], /^filters\[0\]\.property_value\[1\] must not be an object/],
    [
      "a huge list",
      [
        leaf(
          "in",
          Array.from({ length: 10_001 }, (_, i) => i),
        ),
      ],
      /has 10001 entries; the most is 10000/,
    ],
    ["contains null", [leaf("contains", null)], /of contains must be/],
    ["contains list", [leaf("not_contains", ["x"])], /of contains must be/],
    ["regex number", [leaf("regex", 5)], /of regex must be text/],
    ["regex too long", [leaf("regex", "a".repeat(501))], /^filters\[0\]\.property_value: .*500/],
    ["regex not supported", [leaf("regex", "(?=x)")], /^filters\[0\]\.property_value: /],
    ["empty operands", [{ operator: "or", operands: [] }], /^filters\[0\]\.operands: /],
    ["no operands", [{ operator: "or" }], /^filters\[0\]\.operands: must be a list/],
    ["not of two", [{ operator: "not", operands: [leaf("eq", 1), leaf("eq", 2)] }], /exactly one filter/],
    [
      "in an operand",
      [leaf("eq", 1), leaf("eq", 1), { operator: "or", operands: [leaf("gt", null)] }],
      /^filters\[2\]\.operands\[0\]\.property_value of gt/,
    ],
    ["too deep", [nested(10)], /is nested more than 10 deep/],
    ["too many", [{ operator: "or", operands: Array(200).fill(leaf("eq", 1)) }], /at most 200 filters/],
  ])("%s", (_, filters, message) => {
    expect(() => parseFilters(filters)).toThrow(message);
    expect(() => parseFilters(filters)).toThrow(expect.objectContaining({ code: "InvalidFilterError" }));
  });
});
