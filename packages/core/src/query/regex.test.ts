import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRegex } from "./regex.ts";
import { toJavaScript, toLucene, toRe2 } from "./regex-emit.ts";

const matches = (pattern: string, text: string) => toJavaScript(parseRegex(pattern)).test(text);

describe("meaning", () => {
  test.each([
    ["b", "abc", true],
    ["^b", "abc", false],
    ["^abc$", "abc", true],
    ["^a|c$", "xc", true],
    ["^a|c$", "xcx", false],
    ["a.c", "a\nc", true],
    ["^.$", "\u{1F600}", true],
    ["^[^a]$", "\n", true],
    ["^\\d{2,3}$", "1234", false],
    ["^\\d{2,3}$", "123", true],
    ["^\\d{2,}$", "12345", true],
    ["\\d", "٣", false],
    ["\\w", "é", false],
    ["\\s", "\u00a0", false],
    ["^\\W$", "é", true],
    ["^(ab|c)+d?$", "abcab", true],
    ["^[a\\-z]$", "b", false],
    ["^[a-]$", "-", true],
    ["^[\\]\\\\]$", "\\", true],
    ["^[\\d_]$", "_", true],
    ["\\.", "a", false],
    ["$", "anything", true],
    ["", "anything", true],
    ["^(?:a)$", "a", true],
    ["/", "a/b", true],
    ["a\\{2}", "a{2}", true],
    ["^ä$", "a\u0308", false],
  ])("%s in %j: %s", (pattern, text, expected) => expect(matches(pattern, text)).toBe(expected));
});

describe("what engines read differently is refused, naming where and what", () => {
  test.each([
    ["a(?=b)", 2, "look-around"],
    ["(?i)a", 1, "flags"],
    ["(?<n>a)", 1, "named group"],
    ["(a)\\1", 4, "\\\\1"],
    ["\\bword", 1, "\\\\b"],
    ["\\p{L}", 1, "\\\\p"],
    ["a*?", 3, "quantifier"],
    ["a++", 3, "quantifier"],
    ["*a", 1, "nothing to repeat"],
    ["a^b", 2, "start or end"],
    ["(^a)", 2, "start or end"],
    ["a$b", 2, "end of a whole alternative"],
    ["(a", 1, "closing"],
    ["a)", 2, "opening"],
    ["[a", 1, "closing"],
    ["[]", 2, "empty"],
    ["[b-a]", 5, "range"],
    ["[a-\\d]", 6, "range"],
    ["[[:alpha:]]", 2, "backslash"],
    ["[a&&b]", 3, "backslash"],
    ["[\\W]", 4, "negated"],
    ["a{2", 2, "quantifier"],
    ["a{3,2}", 2, "larger"],
    ["a{101}", 2, "100"],
  ])("%s", (pattern, position, words) => {
    expect(() => parseRegex(pattern)).toThrow(new RegExp(`position ${position} .*${words}`));
    expect(() => parseRegex(pattern)).toThrow(expect.objectContaining({ code: "InvalidFilterError" }) as Error);
  });

  test("patterns that would cost an engine too much", () => {
    expect(() => parseRegex("((a{50}){50}){50}")).toThrow(/too large/);
    expect(() => parseRegex("a".repeat(501))).toThrow(/500/);
    expect(() => parseRegex("(".repeat(50) + "a" + ")".repeat(50))).toThrow(/deep/);
    expect(() => parseRegex("\ud800")).toThrow(/surrogate/);
  });
});

describe("emitting", () => {
  test("RE2 searches, with anchors for text and not for lines", () => {
    expect(toRe2(parseRegex("^a.b$|c"))).toBe("\\A(?:a[\\x{0}-\\x{10FFFF}]b)\\z|c");
  });

  test("Lucene matches whole values: what has no anchor gets anything beside it", () => {
    expect(toLucene(parseRegex("^a.b$|c+"))).toBe("(a.b)|(.)*(c)+(.)*");
    expect(toLucene(parseRegex('^[^a-c"]@#&<~>$'))).toBe('([^a-c\\"]\\@\\#\\&\\<\\~\\>)');
  });

  test("any literal text, escaped, finds exactly itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), fc.string({ unit: "grapheme" }), (text, other) => {
        const pattern = text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
        expect(matches(pattern, other + text)).toBe(true);
        expect(matches(`^${pattern}$`, other)).toBe(other === text);
      }),
    );
  });

  test("no pattern, whatever it is, does anything but parse or name its fault; what parses, JavaScript accepts", () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      "(",
      ")",
      "[",
      "]",
      "^",
      "$",
      "|",
      "*",
      "+",
      "?",
      "{2}",
      "{1,3}",
      ".",
      "\\d",
      "\\",
      "-",
      "ä",
      "\u{1F600}",
      "(?:",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let regex;
        try {
          regex = parseRegex(pieces.join(""));
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: "InvalidFilterError" });
          return;
        }
        expect(() => toJavaScript(regex)).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
