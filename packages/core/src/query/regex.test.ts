import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { literalRegex, parseRegex } from "./regex.ts";
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

  test.each([
    ["^a*$", "\\A(?:a)*\\z", "(a)*"],
    ["^a{0,}$", "\\A(?:a)*\\z", "(a)*"],
    ["^a+$", "\\A(?:a)+\\z", "(a)+"],
    ["^a?$", "\\A(?:a)?\\z", "(a)?"],
    ["^a{2}$", "\\A(?:a){2,2}\\z", "(a){2,2}"],
    ["^a{2,}$", "\\A(?:a){2,}\\z", "(a){2,}"],
    ["^a{0,3}$", "\\A(?:a){0,3}\\z", "(a){0,3}"],
    ["^a{1,1}$", "\\A(?:a){1,1}\\z", "(a){1,1}"],
    ["^a{1,3}$", "\\A(?:a){1,3}\\z", "(a){1,3}"],
    ["^(a|b)$", "\\A(?:a|b)\\z", "(a|b)"],
    ["^[ab-d_]$", "\\A[ab-d\\x{5f}]\\z", "[ab-d\\_]"],
    ["^[a-a]$", "\\Aa\\z", "a"],
    ["^[^a]$", "\\A[^a]\\z", "[^a]"],
    // Letters and digits stand for themselves. Lucene has a backslash before what is neither and is printed; not before a space.
    ["^9Zz0A$", "\\A(?:9Zz0A)\\z", "(9Zz0A)"],
    ["^ !~\u007fä$", "\\A(?:\\x{20}\\x{21}\\x{7e}\\x{7f}\\x{e4})\\z", "( \\!\\~\u007fä)"],
    // The empty text is nothing to RE2, a group to Lucene, and repeated it is still nothing.
    ["^()$", "\\A\\z", "()"],
    ["^()*$", "\\A\\z", "()"],
    ["^(|a)$", "\\A(?:|a)\\z", "(()|a)"],
    ["^a|b$", "\\Aa|b\\z", "a(.)*|(.)*b"],
    ["", "", "(.)*()(.)*"],
  ])("%j is written for RE2 and for Lucene", (pattern, re2, lucene) => {
    expect([toRe2(parseRegex(pattern)), toLucene(parseRegex(pattern))]).toEqual([re2, lucene]);
  });

  test("any literal text, escaped, finds exactly itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), fc.string({ unit: "grapheme" }), (text, other) => {
        const pattern = text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
        expect(matches(pattern, other + text)).toBe(true);
        expect(matches(`^${pattern}$`, other)).toBe(other === text);
        expect(literalRegex(text)).toEqual(parseRegex(pattern));
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
