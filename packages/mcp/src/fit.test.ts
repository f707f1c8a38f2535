import { expect, test } from "vitest";
import { fit, MAX_ANSWER_CHARS, rowsOfList, rowsOfResult } from "./fit.ts";

const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ page: `/page/${i}`, result: i }));

test("an answer that has room is shown as it is", () => {
  const answer = { result: rows(10) };
  expect(fit(answer, rowsOfResult, "Ask for less.")).toEqual({ text: JSON.stringify(answer) });
});

test("a long list shows its first rows, as many as fit, and says how many there are and how to see them", () => {
  const answer = { result: rows(5_000), meta: { exact: true } };
  const { text, note } = fit(answer, rowsOfResult, "Ask for less.");
  const shown = (JSON.parse(text) as typeof answer).result;
  expect(text.length).toBeLessThanOrEqual(MAX_ANSWER_CHARS);
  expect(JSON.stringify({ ...answer, result: rows(shown.length + 1) }).length).toBeGreaterThan(MAX_ANSWER_CHARS);
  expect(shown).toEqual(answer.result.slice(0, shown.length));
  expect(text).toContain('"exact":true');
  expect(note).toBe(`Only the first ${shown.length} of 5000 rows are shown. Ask for less.`);
});

test("what is no list and too long is not cut in the middle", () => {
  const answer = { result: { text: "x".repeat(30_000) } };
  const { text, note } = fit(answer, rowsOfResult, "Ask for less.");
  expect(JSON.parse(text)).toEqual({});
  expect(note).toMatch(/^The answer has 30\d+ characters, too many to show\. Ask for less\.$/);
});

test("one row that is too long leaves none, and says so", () => {
  expect(fit(["x".repeat(30_000)], rowsOfList, "Ask for less.")).toEqual({
    text: "[]",
    note: "Only the first 0 of 1 rows are shown. Ask for less.",
  });
});
