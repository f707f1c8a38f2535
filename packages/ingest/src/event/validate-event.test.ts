import { LIMITS, parseExactJson, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { checkIsObject, checkProperties } from "./validate-event.ts";

/** As a body brings it: integers that no double has are `bigint`. */
const sent = (text: string) => parseExactJson(text) as JsonObject;
const checked = (properties: JsonObject) => {
  checkProperties(properties);
  return properties;
};

describe("what is refused says which property, and why", () => {
  const n60 = "n".repeat(60);
  test.each<[what: string, sent: JsonObject, error: `Invalid${string}: ${string}`]>([
    ["$ in front", { a: { $b: 1 } }, 'InvalidPropertyNameError: The property name "$b" starts with $.'],
    ["a dot", { a: [{ "b.c": 1 }] }, 'InvalidPropertyNameError: The property name "b.c" holds a dot.'],
    ["a blank name", { "\t": 1 }, 'InvalidPropertyNameError: The property name "\t" is blank.'],
    [
      "a long name",
      { ["n".repeat(256)]: 1 },
      `InvalidPropertyNameError: The property name "${n60}" is longer than 255 characters.`,
    ],
    [
      "a long path",
      { ["a".repeat(250)]: { ["n".repeat(250)]: 1 } },
      `InvalidPropertyNameError: The property name "${n60}" ends a path of more than 500 characters, the names above it included.`,
    ],
    [
      "two names that become one",
      { "a\ud800": 1, "a\udc00": 2 },
      "InvalidPropertyNameError: Two property names differ only in characters that are none.",
    ],
    [
      "2^63, under a long name",
      { ["n".repeat(100)]: 2 ** 63 },
      `InvalidPropertyValueError: The property "${n60}" is a number outside of 64 bits.`,
    ],
    ["infinity", { a: -Infinity }, 'InvalidPropertyValueError: The property "a" is a number outside of 64 bits.'],
    [
      "an integer beyond 64 bits",
      sent('{"a":[9223372036854775809]}'),
      'InvalidPropertyValueError: The property "a" is a number outside of 64 bits.',
    ],
    [
      "an integer that no double has",
      sent('{"a":9223372036854775807}'),
      'InvalidPropertyValueError: The property "a" is the integer 9223372036854775807, which cannot be kept exactly; send it as text.',
    ],
    [
      "a long text",
      { a: "x".repeat(10_000) },
      'InvalidPropertyValueError: The property "a" is a text of 10000 characters; 9999 are possible.',
    ],
    [
      "a long list",
      { a: { b: Array(1_001).fill(0) } },
      'InvalidPropertyValueError: The property "b" has 1001 elements; 1000 are possible.',
    ],
    ["depth", { a: nested(10) }, "InvalidEventError: The event is nested deeper than 10 levels."],
    ["depth in a list", { a: [{ b: nested(8) }] }, "InvalidEventError: The event is nested deeper than 10 levels."],
    ["1,001 values", wide(1_001, 0), "InvalidEventError: The event has more than 1000 properties."],
    ["1,001 lists", wide(1_001, []), "InvalidEventError: The event has more than 1000 properties."],
  ])("%s", (_what, properties, error) => {
    const [code, message] = error.split(/: (.*)/s);
    expect(() => checkProperties(properties)).toThrow(expect.objectContaining({ code, message }));
  });

  test("what is no object is no event", () => {
    const error = expect.objectContaining({ code: "InvalidEventError", message: "An event must be a JSON object." });
    for (const event of [[], "x", 5, null, undefined]) expect(() => checkIsObject(event)).toThrow(error);
    expect(checkIsObject({})).toEqual({});
  });
});

describe("what is kept", () => {
  test.each<[what: string, sent: JsonObject, kept: JsonObject]>([
    ["text of characters", { "\ud800": "a\udc00", b: ["\ud800"] }, { "\ufffd": "a\ufffd", b: ["\ufffd"] }],
    ["zero without a sign", { a: -0, b: [{ c: -0 }] }, { a: 0, b: [{ c: 0 }] }],
    ["the least number of 64 bits", { a: -(2 ** 63) }, { a: -(2 ** 63) }],
    ["the depth that is possible", nested(LIMITS.depth), nested(LIMITS.depth)],
    ["names inside of a list, which are no paths", { a: [wide(2_000, 0)] }, { a: [wide(2_000, 0)] }],
    ["every other value as it is", { a: null, b: true, c: "", d: [] }, { a: null, b: true, c: "", d: [] }],
  ])("%s", (_what, properties, kept) => {
    expect(checked(properties)).toStrictEqual(kept);
  });

  test("the path is counted anew for each property", () => {
    const deep = { ["y".repeat(249)]: 1 };
    expect(() => checkProperties({ ["x".repeat(250)]: deep, ["z".repeat(250)]: deep })).not.toThrow();
  });
});

function nested(depth: number): JsonObject {
  return depth === 1 ? {} : { a: nested(depth - 1) };
}

function wide(names: number, value: JsonObject[string]): JsonObject {
  return Object.fromEntries(Array.from({ length: names }, (_, i) => [`n${i}`, value]));
}
