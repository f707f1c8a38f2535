import type { Json } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { cleanJson, readJsonText } from "./json-text.ts";

test.each<[text: string, value: Json]>([
  ["[1]", [1]],
  [' \n{"a":1}', { a: 1 }],
  ['"quoted"', "quoted"],
  ["[1", "[1"],
  ["count", "count"],
  ["5", "5"],
  ["true", "true"],
  ["null", "null"],
  ['a "quoted" word', 'a "quoted" word'],
])("%j is read as %j: only lists, objects and quoted strings are JSON", (text, value) => {
  expect(readJsonText(text)).toEqual(value);
});

describe("a copy that is safe", () => {
  test("has well-formed text everywhere, names too, and all else as it was", () => {
    const sent = { "a\ud800": ["\udc00", 1, null, true, {}], b: [] };
    expect(cleanJson(sent, "p")).toStrictEqual({ "a\ufffd": ["\ufffd", 1, null, true, {}], b: [] });
  });

  test.each<[what: string, value: Json | bigint, message: string]>([
    ["a number too large for a double", [Number.POSITIVE_INFINITY], "filters holds a number that is too large."],
    [
      "an integer that no double is",
      12345678901234567890n,
      "filters holds the integer 12345678901234567890, which no number here is exactly: they are doubles. As text it compares with text.",
    ],
    ["lists 31 deep", lists(31), "filters is nested more than 30 deep."],
    ["objects 31 deep", objects(31), "filters is nested more than 30 deep."],
  ])("is refused to %s", (_what, value, message) => {
    expect(() => cleanJson(value, "filters")).toThrow(
      expect.objectContaining({ code: "InvalidParameterError", message }),
    );
  });

  test("may be nested 30 deep", () => {
    expect(cleanJson(lists(30), "p")).toEqual(lists(30));
    expect(cleanJson(objects(30), "p")).toEqual(objects(30));
  });
});

function lists(depth: number): Json {
  return depth === 0 ? 1 : [lists(depth - 1)];
}

function objects(depth: number): Json {
  return depth === 0 ? 1 : { a: objects(depth - 1) };
}
