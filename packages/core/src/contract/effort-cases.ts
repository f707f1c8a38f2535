import { describe, expect, test } from "vitest";
import type { Filter } from "../query/filter.ts";
import { LIMITS_QUERY } from "../query/limits.ts";
import type { JsonObject } from "../values/json.ts";
import { metricDifference } from "./compare.ts";
import { message, metricPlan, newProject, not, NOON } from "./fixtures.ts";
import { evaluateMetric } from "./reference.ts";
import type { Subject } from "./subject.ts";

/** Questions that grow with a number. Planning refuses them from somewhere on; up to there every store must answer. */
const FAMILIES: readonly [title: string, question: (n: number) => Filter<string>, most: number][] = [
  ["a text of equal letters", (n) => contains("a".repeat(n)), 1_000],
  ["a text that repeats itself", (n) => contains("ab".repeat(n)), 1_000],
  ["a text of wildcards and backslashes", (n) => contains("*?\\".repeat(n)), 1_000],
  ["a long text", (n) => contains(longText(n)), LIMITS_QUERY.containsChars],
  ["a pattern of equal letters", (n) => regex("a".repeat(n)), LIMITS_QUERY.regexChars],
  ["repetitions that overlap", (n) => regex(`(a|b|c){1,${n}}(a|b){1,${n}}[a-z]{0,${n}}x`), 100],
  ["a letter far before the end", (n) => regex(`(a|b)*a(a|b){${n}}$`), 100],
  ["anything between two letters", (n) => regex(`a.{0,${n}}x`), 100],
  ["anything before a letter", (n) => regex(`.{0,${n}}x`), 100],
  ["repetitions inside of repetitions", (n) => regex(`^([a-z]{1,${n}}-?){1,2}9$`), 100],
  ["many alternatives", (n) => regex(Array.from({ length: n }, (_, i) => `.*${i % 10}a`).join("|")), 80],
  ["times in a list", (n) => ({ kind: "in", field: "keen.timestamp", values: times(n) }), 10_000],
  [
    "lists of times beside each other",
    (n) => ({
      kind: "any",
      of: times(n).map((at) => ({ kind: "in", field: "keen.created_at", values: [at, at + 1] })),
    }),
    200 + 100,
  ],
  ["lists with values of every type", (n) => ({ kind: "any", of: names(n).map(mixed) }), 200],
  [
    "fields that are there",
    (n) => ({ kind: "all", of: names(n).map((field) => ({ kind: "exists", field })) }),
    200 + 100,
  ],
  ["texts after each other", (n) => ({ kind: "any", of: names(n).map((name) => contains(name.repeat(20))) }), 200],
];

function contains(value: string): Filter<string> {
  return { kind: "contains", field: "s", value };
}

function regex(pattern: string): Filter<string> {
  return { kind: "regex", field: "s", pattern };
}

function mixed(field: string): Filter<string> {
  return { kind: "in", field, values: ["a", 1, true, null, [1]] };
}

function names(n: number): string[] {
  return Array.from({ length: n }, (_, i) => `f${i}`);
}

function times(n: number): number[] {
  return Array.from({ length: n }, (_, i) => NOON + 2 * i);
}

/** Without repetition: every four letters of it are a number of their own. */
function longText(n: number): string {
  return Array.from({ length: n / 4 + 1 }, (_, i) => (i + 1_000).toString(36).padStart(4, "z"))
    .join("")
    .slice(0, n);
}

/** Values of all kinds under all names, so that no condition is one on a field that an index does not have. */
function everything(): JsonObject[] {
  const under = (value: JsonObject[string]) => Object.fromEntries(names(200).map((name) => [name, value]));
  const texts = ["a".repeat(500), "ab".repeat(400), "*?\\".repeat(300), longText(6_000), "abx", "x", "ab9", ""];
  return [under("a"), under(1), under(true), under(null), under([1]), ...texts.map((s) => ({ s }))];
}

/** The largest question that planning takes; up to there it must take all of them. */
function largest(question: (n: number) => Filter<string>, most: number): number {
  let [taken, refused] = [1, most + 1];
  while (refused - taken > 1) {
    const middle = (taken + refused) >> 1;
    try {
      metricPlan("p", { filter: question(middle) });
      taken = middle;
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "InvalidFilterError" });
      refused = middle;
    }
  }
  return taken;
}

export function effortCases(use: () => Subject): void {
  describe("the largest question that is taken is answered", () => {
    const events = message(newProject(), ...everything());
    let loading: Promise<void> | undefined;

    test.each(FAMILIES)("%s", async (_, question, most) => {
      await (loading ??= use().load(events));
      const plan = metricPlan(events[0]?.project ?? "", { filter: question(largest(question, most)) });
      const answer = await use().store.metric(plan);
      expect(metricDifference(plan, answer, evaluateMetric(plan, events))).toBe(undefined);
    });

    test("with many measures that have large filters of their own", async () => {
      await (loading ??= use().load(events));
      const among = (count: number): Filter<string> => ({ kind: "in", field: "keen.timestamp", values: times(count) });
      const kinds = ["count", "sum", "standard_deviation", "count_unique", "percentile"] as const;
      const plan = metricPlan(events[0]?.project ?? "", {
        filter: among(90),
        groupBy: ["s"],
        measures: kinds.flatMap((kind) => [
          { label: kind, measure: { kind, field: "f1", percentile: 50 }, filter: among(400) },
          { label: `no ${kind}`, measure: { kind, field: "f2", percentile: 50 }, filter: not(among(400)) },
        ]),
      });
      const answer = await use().store.metric(plan);
      expect(metricDifference(plan, answer, evaluateMetric(plan, events))).toBe(undefined);
    });
  });
}
