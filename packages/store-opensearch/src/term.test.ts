import { expect, test } from "vitest";
import { clipTerm, equalityTerm, fitsTerm, isHashed } from "./term.ts";

/** Most bytes that Lucene takes of one term. */
const MOST = 32_766;

test.each([
  ["short ASCII", "a".repeat(10), true],
  ["ASCII as long as it may be", "a".repeat(MOST), true],
  ["ASCII that is one byte longer", "a".repeat(MOST + 1), false],
  ["three bytes each, as many as fit", "€".repeat(MOST / 3), true],
  ["three bytes each, one more", "€".repeat(MOST / 3 + 1), false],
  ["two bytes each, as many as fit", "ä".repeat(MOST / 2), true],
  ["two bytes each, one more", "ä".repeat(MOST / 2 + 1), false],
])("a text fits a term by its bytes, not its letters: %s", (_, text, fits) => {
  expect(fitsTerm(text)).toBe(fits);
  expect(equalityTerm(text) === text).toBe(fits);
  expect(clipTerm(text) === text).toBe(fits);
  expect(Buffer.byteLength(clipTerm(text))).toBeLessThanOrEqual(MOST);
  expect(text.startsWith(clipTerm(text))).toBe(true);
});

test("what is too long is told apart by its hash, which no text of JSON begins like", () => {
  const [one, other] = ["a".repeat(MOST + 1), `${"a".repeat(MOST)}b`];
  expect(equalityTerm(one)).toMatch(/^#[0-9a-f]{64}$/);
  expect(equalityTerm(one)).not.toBe(equalityTerm(other));
  expect(equalityTerm(one)).toBe(equalityTerm(one));
  expect([isHashed(equalityTerm(one)), isHashed('"#"'), isHashed("a#"), isHashed("#a")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("a text is never cut within a letter", () => {
  const cut = clipTerm(`${"a".repeat(Math.floor(MOST / 3) - 1)}😀${"b".repeat(MOST)}`);
  expect(cut.isWellFormed()).toBe(true);
  expect(cut).toHaveLength(Math.floor(MOST / 3));
});
