import { describe, expect, test } from "vitest";
import { LIMITS_QUERY } from "./limits.ts";
import { parseRegex } from "./regex.ts";

const said = (pattern: string): unknown => {
  try {
    return parseRegex(pattern);
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    expect(code).toBe("InvalidFilterError");
    return message;
  }
};
const at = (what: string, problem: string) => `${what} of the regular expression ${problem}.`;
/** The only part of the only alternative. */
const bodyOf = (pattern: string) => parseRegex(pattern).alternatives[0]?.body;

describe("what is not in the subset is named with its place", () => {
  test.each([
    ["a)", at('")" at position 2', "has no opening bracket")],
    ["a(b", at('"(" at position 2', "has no closing bracket")],
    ["[ab", at('"[" at position 1', "has no closing bracket")],
    ["a[]", at('"]" at position 3', "closes an empty set")],
    ["a$b", at('"$" at position 2', "is supported only at the end of a whole alternative")],
    ["a^", at('"^" at position 2', "is supported only at the start or end of a whole alternative")],
    ["(a$)", at('"$" at position 3', "is supported only at the start or end of a whole alternative")],
    ["(^a)", at('"^" at position 2', "is supported only at the start or end of a whole alternative")],
    ["*a", at('"*" at position 1', "has nothing to repeat")],
    ["+", at('"+" at position 1', "has nothing to repeat")],
    ["a|?", at('"?" at position 3', "has nothing to repeat")],
    ["{2}", at('"{" at position 1', "has nothing to repeat")],
    ["a+?", at('"?" at position 3', "follows another quantifier")],
    ["a?+", at('"+" at position 3', "follows another quantifier")],
    ["a{2}*", at('"*" at position 5', "follows another quantifier")],
    ["a*{2}", at('"{" at position 3', "follows another quantifier")],
    ["a{", at('"{" at position 2', "is not a quantifier {m}, {m,} or {m,n}; write \\{ for the character")],
    ["a{x}", at('"{" at position 2', "is not a quantifier {m}, {m,} or {m,n}; write \\{ for the character")],
    ["a{,2}", at('"{" at position 2', "is not a quantifier {m}, {m,} or {m,n}; write \\{ for the character")],
    ["a{2,1}", at('"{" at position 2', "is a quantifier whose first number is the larger one")],
    ["a{101}", at('"{" at position 2', "repeats more than 100 times")],
    ["a{101,}", at('"{" at position 2', "repeats more than 100 times")],
    ["a{0,101}", at('"{" at position 2', "repeats more than 100 times")],
    ["(?=a)", at('"(" at position 1', "opens a look-around, a named group or flags, which are not supported")],
    ["x(?<n>a)", at('"(" at position 2', "opens a look-around, a named group or flags, which are not supported")],
    ["a\\", at('"\\" at position 2', "is a backslash at the end of the pattern")],
    ["\\b", at('"\\" at position 1', "begins \\b, which is not supported")],
    ["a\\1", at('"\\" at position 2', "begins \\1, which is not supported")],
    ["[\\", at('"\\" at position 2', "is a backslash at the end of the pattern")],
    ["[a-", at("The end", "is the end of the pattern inside a set")],
    ["[a[b]", at('"[" at position 3', "must be written with a backslash inside [ ]")],
    ["[&]", at('"&" at position 2', "must be written with a backslash inside [ ]")],
    ["[~]", at('"~" at position 2', "must be written with a backslash inside [ ]")],
    ["[a^]", at('"^" at position 3', "must be written with a backslash inside [ ]")],
    ["[\\D]", at('"]" at position 4', "follows a negated class, which is not supported inside [ ]")],
    ["[z-a]", at('"]" at position 5', "ends a range that is not between two characters in order")],
    ["[\\d-z]", at('"]" at position 6', "ends a range that is not between two characters in order")],
    ["[a-\\d]", at('"]" at position 6', "ends a range that is not between two characters in order")],
    // A character beyond the first plane is one.
    ["😀)", at('")" at position 2', "has no opening bracket")],
    ["a\uD800", "The regular expression has half a character (a lone surrogate) in it."],
  ])("%j", (pattern, message) => {
    expect(said(pattern)).toBe(message);
  });

  test("groups are twenty deep, side by side as many as one likes", () => {
    const nested = (depth: number) => `${"(".repeat(depth)}a${")".repeat(depth)}`;
    expect(said(nested(20))).toHaveProperty("alternatives");
    expect(said(nested(21))).toContain("is nested too deep");
    expect(said("(a)".repeat(30))).toHaveProperty("alternatives");
  });

  test("a pattern is as long, and with its repetitions written out as large, as an engine can take", () => {
    expect(said("a".repeat(LIMITS_QUERY.regexChars + 1))).toBe(
      `A regular expression may have ${LIMITS_QUERY.regexChars} characters.`,
    );
    // Ten times a hundred; the characters beside each other are one more.
    expect(said("(?:ab){100}(?:ab){100}(?:ab){100}(?:a){99}")).toHaveProperty("alternatives");
    expect(said("(?:ab){100}(?:ab){100}(?:ab){100}(?:a){100}")).toBe(
      "The regular expression is too large: its repetitions written out make 1001 characters, 1000 are allowed.",
    );
    expect(said("(?:ab){100}(?:ab){100}(?:ab){100}(?:a){99}|b")).toContain("make 1001 characters");
    // Without an upper bound it is one more than the least.
    expect(said("(?:ab){99,}(?:ab){99,}(?:ab){99,}(?:a){98,}")).toHaveProperty("alternatives");
    expect(said("(?:ab){99,}(?:ab){99,}(?:ab){99,}(?:a){99,}")).toContain("make 1001 characters");
  });
});

describe("what is in it is read as every engine reads it", () => {
  const literal = (char: string) => {
    const point = char.codePointAt(0) ?? 0;
    return { kind: "set", negated: false, ranges: [[point, point]] };
  };

  test.each([
    ["\\n", "\n"],
    ["\\r", "\r"],
    ["\\t", "\t"],
    ["\\f", "\f"],
    ["\\v", "\v"],
    ["\\.", "."],
    ["\\{", "{"],
    ["\\é", "é"],
    ["}", "}"],
    ["]", "]"],
    ["😀", "😀"],
  ])("%j is one character", (pattern, char) => {
    expect(bodyOf(pattern)).toEqual(literal(char));
    if (pattern !== "]") expect(bodyOf(`[${pattern}]`)).toEqual(literal(char));
  });

  test.each([
    ["a?", 0, 1],
    ["a*", 0, undefined],
    ["a+", 1, undefined],
    ["a{0}", 0, 0],
    ["a{2}", 2, 2],
    ["a{2,}", 2, undefined],
    ["a{2,5}", 2, 5],
    ["a{100}", 100, 100],
    ["a{0,100}", 0, 100],
    ["a{2,2}", 2, 2],
  ])("%s is a repetition", (pattern, min, max) => {
    expect(bodyOf(pattern)).toEqual({ kind: "repeat", of: literal("a"), min, max });
  });

  test.each([
    ["[a-c]", false, [[97, 99]]],
    ["[^a-c]", true, [[97, 99]]],
    ["[a-a]", false, [[97, 97]]],
    [
      "[a-]",
      false,
      [
        [97, 97],
        [45, 45],
      ],
    ],
    [
      "[-a]",
      false,
      [
        [45, 45],
        [97, 97],
      ],
    ],
    [
      "[\\d_]",
      false,
      [
        [48, 57],
        [95, 95],
      ],
    ],
    [
      "[\\]\\^]",
      false,
      [
        [93, 93],
        [94, 94],
      ],
    ],
    ["\\d", false, [[48, 57]]],
    ["\\D", true, [[48, 57]]],
    [
      "\\w",
      false,
      [
        [48, 57],
        [65, 90],
        [95, 95],
        [97, 122],
      ],
    ],
    [
      "\\W",
      true,
      [
        [48, 57],
        [65, 90],
        [95, 95],
        [97, 122],
      ],
    ],
    [
      "\\s",
      false,
      [
        [9, 13],
        [32, 32],
      ],
    ],
    [
      "\\S",
      true,
      [
        [9, 13],
        [32, 32],
      ],
    ],
  ])("%s is a set", (pattern, negated, ranges) => {
    expect(bodyOf(pattern)).toEqual({ kind: "set", negated, ranges });
  });

  test("alternatives have anchors of their own; groups have choices and none", () => {
    const [a, b, c] = ["a", "b", "c"].map(literal);
    expect(parseRegex("^a|b$|^c$|").alternatives).toEqual([
      { fromStart: true, toEnd: false, body: a },
      { fromStart: false, toEnd: true, body: b },
      { fromStart: true, toEnd: true, body: c },
      { fromStart: false, toEnd: false, body: { kind: "sequence", of: [] } },
    ]);
    expect(bodyOf("(a|bc)")).toEqual({ kind: "choice", of: [a, { kind: "sequence", of: [b, c] }] });
    expect(bodyOf("(?:a)")).toEqual(a);
    expect(bodyOf("(a).")).toEqual({ kind: "sequence", of: [a, { kind: "any" }] });
  });
});
