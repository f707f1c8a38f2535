import { gridOf, LIMITS_QUERY, type Json, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { parseGroupBy } from "./parse-group-by.ts";

const price = (more: JsonObject) => ({ property_name: "price", ...more });
const ranges = (...list: Json[]) => price({ ranges: list });

describe("keys", () => {
  test.each<[what: string, raw: Json | undefined, keys: unknown[]]>([
    ["none", undefined, []],
    ["one name", "country", ["country"]],
    ["a name given twice counts once", ["country", "os", "country"], ["country", "os"]],
    [
      "numbers in buckets, from 0",
      price({ buckets: { size: 2.5 } }),
      [{ kind: "buckets", field: "price", name: "price", grid: gridOf(2.5, 0) }],
    ],
    [
      "numbers in buckets, from elsewhere and under another name",
      ["os", price({ buckets: { size: 10, offset: 5 }, alias: "p" })],
      ["os", { kind: "buckets", field: "price", name: "p", grid: gridOf(10, 5) }],
    ],
    [
      "the same numbers in two ways, by their names",
      [price({ buckets: { size: 1 } }), price({ buckets: { size: 10 }, alias: "tens" })],
      [
        { kind: "buckets", field: "price", name: "price", grid: gridOf(1, 0) },
        { kind: "buckets", field: "price", name: "tens", grid: gridOf(10, 0) },
      ],
    ],
    [
      "ranges, which may be open and named, and may touch",
      ranges({ to: 0 }, { from: 0, to: 10, alias: "low" }, { from: 10 }),
      [
        {
          kind: "ranges",
          field: "price",
          name: "price",
          ranges: [{ to: 0 }, { from: 0, to: 10, alias: "low" }, { from: 10 }],
        },
      ],
    ],
  ])("%s", (_what, raw, keys) => {
    expect(parseGroupBy(raw, ["result"])).toStrictEqual(keys);
  });
});

describe("what is refused is named", () => {
  const longest = "n".repeat(80);
  test.each<[message: string, raw: Json]>([
    [
      'group_by "result" has the name of a value in the answer\'s rows. Use multi_analysis with another label.',
      ["os", "result"],
    ],
    [
      'group_by "result" has the name of a value in the answer\'s rows. Use multi_analysis with another label.',
      price({ buckets: { size: 1 }, alias: "result" }),
    ],
    [
      `group_by has two keys called "${longest}…", and a row can have only one. Give one of them an alias.`,
      [`${longest}n`, price({ buckets: { size: 1 }, alias: `${longest}n` })],
    ],
    [
      'group_by has two keys called "price", and a row can have only one. Give one of them an alias.',
      [price({ buckets: { size: 1 } }), price({ buckets: { size: 10 } })],
    ],
    ['"bucket" is not a parameter of group_by. Did you mean "buckets"?', price({ bucket: { size: 1 } })],
    ['"range" is not a parameter of group_by[1]. Did you mean "ranges"?', ["os", price({ range: [] })]],
    ['"names" is not a parameter of group_by. Known are property_name, buckets, ranges, alias.', price({ names: 1 })],
    ["group_by must have either buckets or ranges. For neither, use the name alone.", price({})],
    [
      "group_by[0] must have either buckets or ranges. For neither, use the name alone.",
      [price({ buckets: { size: 1 }, ranges: [{ from: 1 }] })],
    ],
    ['"sizes" is not a parameter of group_by.buckets. Did you mean "size"?', price({ buckets: { sizes: 1 } })],
    ["group_by.buckets.size: must be greater than 0.", price({ buckets: { size: 0 } })],
    ["group_by.buckets.size: must be a number.", price({ buckets: { size: "1" } })],
    ["group_by.buckets: must be an object with size.", price({ buckets: 10 })],
    [
      "group_by.buckets cannot be counted exactly: size and offset must have at most nine decimal places, and 15 digits in all.",
      price({ buckets: { size: 1e-10 } }),
    ],
    ["group_by.ranges: must be a list of ranges.", price({ ranges: { from: 1 } })],
    ["group_by.ranges: must have at least one range.", ranges()],
    [
      `group_by.ranges: must have at most ${LIMITS_QUERY.ranges} ranges.`,
      ranges(...Array.from({ length: LIMITS_QUERY.ranges + 1 }, (_, i) => ({ from: i, to: i + 1 }))),
    ],
    ['"form" is not a parameter of group_by.ranges[1]. Known are from, to, alias.', ranges({ to: 1 }, { form: 1 })],
    ["group_by.ranges[0]: must be an object with from, to or both.", ranges(5)],
    ["group_by.ranges[1].to (5) must be greater than from (5).", ranges({ to: 1 }, { from: 5, to: 5 })],
    [
      "group_by.ranges: [5 - 15) and high have numbers in common; each number belongs to one range.",
      ranges({ from: 10, alias: "high" }, { from: 5, to: 15 }),
    ],
    ['group_by.ranges: two ranges are called "x".', ranges({ to: 0, alias: "x" }, { from: 5, alias: "x" })],
  ])("%s", (message, raw) => {
    expect(() => parseGroupBy(raw, ["result"])).toThrow(
      expect.objectContaining({ code: "InvalidParameterError", message }),
    );
  });
});
