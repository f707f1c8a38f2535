import { metricPlan } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { keyOfGroup, questionOf } from "./question.ts";

const of = (...[input]: [Parameters<typeof metricPlan>[1]]) => questionOf(metricPlan("p", input));
const VISITORS = { kind: "count_unique", field: "$visitor" } as const;
const COUNT = { kind: "count" } as const;

test.each([
  ["visitors", [VISITORS], ["count_unique"]],
  ["visitors beside counts and sums", [COUNT, VISITORS, { kind: "sum", field: "n" }], ["count", "count_unique", "sum"]],
] as const)("%s have parts", (_, measures, kinds) => {
  expect(of({ measures })?.measures).toEqual(kinds);
});

test("counts have parts by one key", () => {
  expect(of({ measures: [COUNT], groupBy: ["$page.path"] })?.measures).toEqual(["count"]);
});

test.each([
  ["a plain count, which is as fast", { measures: [COUNT] }],
  ["an average, among others too", { measures: [VISITORS, { kind: "average", field: "n" }] }],
  ["two counts of different ids", { measures: [VISITORS, { kind: "count_unique", field: "$visit.id" }] }],
  ["different values of a property, which are not told apart by a hash", { measures: [{ ...VISITORS, field: "who" }] }],
  ["different values of a field that is not hashed either", { measures: [{ ...VISITORS, field: "$page.path" }] }],
  ["groups by two keys", { measures: [VISITORS], groupBy: ["$page.path", "$page.host"] }],
] as const)("%s: none", (_, input) => {
  expect(of(input)).toBeUndefined();
});

test("the time of a question is no part of its key, everything else is", () => {
  const keyOf = (input: Parameters<typeof metricPlan>[1]) => of({ measures: [VISITORS], ...input })?.key;
  const range = (days: number) => ({ kind: "absolute", start: 0, end: days * 86_400_000 }) as const;
  expect(keyOf({ timeframe: range(3) })).toBe(keyOf({ timeframe: range(30) }));
  const keys = [
    keyOf({}),
    keyOf({ groupBy: ["$page.path"] }),
    keyOf({ collections: ["clicks"] }),
    keyOf({ time: "visit_start" }),
    keyOf({ filter: { kind: "eq", field: "$page.path", value: "/" } }),
    questionOf({ ...metricPlan("p", { measures: [VISITORS] }), project: "q" })?.key,
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test("5 and the text 5 are groups of their own", () => {
  const question = of({ measures: [COUNT], groupBy: ["who"] });
  if (!question) throw new Error("It has parts.");
  expect(keyOfGroup(question, 5)).not.toBe(keyOfGroup(question, "5"));
  expect(keyOfGroup(question, 5)).toBe(keyOfGroup(question, 5));
});
