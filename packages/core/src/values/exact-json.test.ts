import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExactJson } from "./exact-json.ts";

test.each([
  ["1234567890123456789", 1234567890123456789n],
  ["-1234567890123456789", -1234567890123456789n],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ['[1,{"id":1234567890123456789}]', [1, { id: 1234567890123456789n }]],
  [" 1234567890123456789 ", 1234567890123456789n],
])("%s: digits that a double would change", (text, value) => {
  expect(parseExactJson(text)).toEqual(value);
});

test.each([
  "9007199254740991",
  "1234567890123456800",
  "0.1234567890123456789",
  "1234567890123456789.5",
  "1234567890123456789e3",
  '"x: 1234567890123456789"',
  '{"a: 1234567890123456789":1}',
])("%s: all else is as JSON.parse has it", (text) => {
  expect(parseExactJson(text)).toEqual(JSON.parse(text));
});

test("whatever a JavaScript client writes comes back as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      expect(parseExactJson(text)).toEqual(JSON.parse(text));
    }),
  );
  const large = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }).map(Number);
  fc.assert(
    fc.property(large, (value) => {
      expect(parseExactJson(JSON.stringify([value]))).toEqual([value]);
    }),
  );
});

test("no two integers become the same number", () => {
  const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(integer, (value) => {
      expect(String(parseExactJson(String(value)))).toBe(String(value));
    }),
  );
});

test("what is no JSON is no JSON", () => {
  expect(() => parseExactJson("[1234567890123456789")).toThrow(SyntaxError);
});
