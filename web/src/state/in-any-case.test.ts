import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRegex } from "../../../packages/core/src/query/regex.ts";
import { inAnyCase } from "./in-any-case.ts";

test("finds the text whatever the case of its letters", () => {
  expect(inAnyCase("a.B|1")).toBe("[aA]\\.[bB]\\|1");
  expect(new RegExp(inAnyCase("/Shop?x=[1]")).test("https://e/sHOP?X=[1]")).toBe(true);
  expect(new RegExp(inAnyCase("a.c")).test("abc")).toBe(false);
});

test("is understood by the query language, whatever is typed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 50 }), (text) => {
      expect(() => parseRegex(inAnyCase(text))).not.toThrow();
    }),
  );
});
