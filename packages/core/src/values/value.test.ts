import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, compareStrings, type Json } from "./json.ts";
import { compareValues, valueKey, type Value } from "./value.ts";

const text = fc.string({ unit: "binary" });
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.jsonValue() as fc.Arbitrary<Json>),
);

describe("strings", () => {
  test("are ordered as their UTF-8 bytes are", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test("the last before the surrogates, the first behind them, and what surrogates stand for are in the order of their numbers", () => {
    const sorted = ["A", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"];
    expect(sorted.toReversed().toSorted(compareStrings)).toEqual(sorted);
  });

  test("an emoji comes after U+FFFD, which JavaScript's own order has the other way round", () => {
    const words = ["\u{1F600}", "\uFFFD"];
    expect(words.toSorted(compareStrings)).toEqual(["\uFFFD", "\u{1F600}"]);
    expect(words.toSorted()).toEqual(["\u{1F600}", "\uFFFD"]);
  });
});

describe("values", () => {
  test("order by type first: null, booleans, numbers, strings, arrays", () => {
    const shuffled: Value[] = [["a"], "b", 2, true, null, "a", [], 10, false];
    expect(shuffled.toSorted(compareValues)).toEqual([null, false, true, 2, 10, "a", "b", ["a"], []]);
  });

  test("the order is total: antisymmetric, and equal only for equal values", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
        expect(compareValues(a, b) === 0).toBe(valueKey(a) === valueKey(b));
      }),
    );
  });

  test("5 and its text, null and its text are different values", () => {
    expect(new Set([5, "5", null, "null", [], "[]", true, "true"].map((each) => valueKey(each as Value))).size).toBe(8);
  });
});

describe("canonical JSON", () => {
  test("does not depend on the order of keys, at any depth", () => {
    expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: null })).toBe('{"a":null,"b":[{"x":2,"y":1}]}');
  });

  test("keeps __proto__ as an ordinary key", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}') as Json)).toBe('{"__proto__":{"a":1}}');
  });

  test("reads back as the same value, and -0 is 0", () => {
    fc.assert(
      fc.property(fc.jsonValue() as fc.Arbitrary<Json>, (json) => {
        expect(canonicalJson(JSON.parse(canonicalJson(json)) as Json)).toBe(canonicalJson(json));
      }),
    );
    expect(canonicalJson([-0])).toBe("[0]");
  });
});
