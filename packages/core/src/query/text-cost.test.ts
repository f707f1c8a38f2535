import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRegex } from "./regex.ts";
import { containsCost, regexCost } from "./text-cost.ts";

const NO_LIMIT = 1_000_000;
const cost = (pattern: string) => regexCost(parseRegex(pattern), NO_LIMIT);

test("looking for a text costs three for each of its beginnings, and two for every beginning that one ends with, itself included", () => {
  const written = (text: string) => {
    const chars = Array.from(text);
    const beginnings = chars.map((_, i) => chars.slice(0, i + 1).join(""));
    return beginnings
      .map((each) => 3 + 2 * beginnings.filter((shorter) => each.endsWith(shorter)).length)
      .reduce((sum, each) => sum + each, 0);
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "\u{1F600}"), { maxLength: 12 }), (chars) => {
      expect(containsCost(chars.join(""))).toBe(written(chars.join("")));
    }),
    { numRuns: 500 },
  );
  expect(["", "a", "ab", "aa", "aba"].map(containsCost)).toEqual([0, 5, 10, 12, 17]);
});

// One for each place in each state that a further character leads to: a state is a set of places.
test.each([
  ["^$", 0],
  ["^a$", 1],
  ["^abc$", 3],
  // At the start, and after the a: each leads to the a.
  ["^a*$", 2],
  ["^a+$", 2],
  ["^a?$", 1],
  ["^(ab)*$", 3],
  ["^(ab)+$", 3],
  ["^a{2}$", 2],
  ["^a{2,}$", 3],
  ["^a{3,}$", 4],
  ["^a{0,2}$", 2],
  ["^a{2,4}$", 4],
  // Two letters are two steps, and the same letter twice is one step to two places.
  ["^(a|b)$", 2],
  ["^(a|a)$", 2],
  ["^(a?b?)c$", 6],
  ["^(a?)(b?)$", 3],
  ["^(a|b)*a$", 9],
  ["^(ab|c)*d$", 10],
  ["^a*b*$", 5],
  ["^(a*){2}$", 4],
  ["^(.*)*$", 2],
  // Places that are reached in another order are the same state.
  ["^(.a|b)*[ab][ab]$", 55],
  // Once at least is not perhaps: what follows cannot begin.
  ["^a+b$", 3],
  ["^a*b$", 4],
  // The links between the places are counted, too: sixteen of them are one.
  ["^(a|b|c|d)(a|b|c|d)$", 21],
  // Ranges that touch or overlap are one, those apart are several.
  ["^[ab]$", 1],
  ["^[ba]$", 1],
  ["^[a-cb-d]$", 1],
  ["^[a-db-c]$", 1],
  ["^[a-cd-f]$", 1],
  ["^([a-db-c]|d)$", 3],
  ["^[ace]$", 3],
  ["^[ab][bc]$", 2],
  ["^[^a]$", 2],
  ["^[^a-z]$", 2],
  ["^[^ba]$", 2],
  ["^[^ac]$", 3],
  ["^[^\u0000]$", 1],
  ["^[^\u{10FFFF}]$", 1],
  // Without an anchor anything may stand before it, or after.
  ["", 4],
  ["^a", 3],
  ["a$", 12],
  ["abc", 64],
  ["^ab|cd$", 58],
  // Each further character after an unanchored one doubles the states.
  ["^.*a$", 12],
  ["^.*a.$", 26],
  ["^.*a..$", 60],
])("the machine of %j costs %i", (pattern, expected) => expect(cost(pattern)).toBe(expected));

test("counting stops soon beyond the limit, and not at it", () => {
  const exact = cost("^.*a.{8}$");
  expect(regexCost(parseRegex("^.*a.{8}$"), exact)).toBe(exact);
  const stopped = regexCost(parseRegex("^.*a.{8}$"), 100);
  expect(stopped).toBeGreaterThan(100);
  expect(stopped).toBeLessThan(150);
  // The links between the places are counted, too: sixteen of them are one.
  expect(regexCost(parseRegex("^(a?){100}$"), 100)).toBeLessThan(300);
});
