import { describe, expect, test } from "vitest";
import type { Filter, Operand } from "../query/filter.ts";
import type { JsonObject } from "../values/json.ts";
import { message, newProject, not, NOON, storedEvent } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

/** One event each; cases name those that must pass. */
const EVENTS: readonly JsonObject[] = [
  { name: "missing" },
  { name: "null", x: null },
  { name: "text", x: "abc" },
  { name: "empty text", x: "" },
  { name: "text 5", x: "5" },
  { name: "five", x: 5 },
  { name: "half", x: 5.5 },
  { name: "zero", x: 0 },
  { name: "true", x: true },
  { name: "false", x: false },
  { name: "list", x: ["abc", 5, true] },
  { name: "list with null", x: [null] },
  { name: "empty list", x: [] },
  { name: "nested list", x: [["abc"]] },
  { name: "object", x: { y: "abc" } },
];
const ALL = EVENTS.map(({ name }) => name as string);
const eq = (value: Operand): Filter<string> => ({ kind: "eq", field: "x", value });
const compare = (op: "lt" | "lte" | "gt" | "gte", value: string | number): Filter<string> => ({
  kind: "compare",
  field: "x",
  op,
  value,
});
const contains = (value: string | number | boolean): Filter<string> => ({ kind: "contains", field: "x", value });
const regex = (pattern: string): Filter<string> => ({ kind: "regex", field: "x", pattern });
const among = (...values: Operand[]): Filter<string> => ({ kind: "in", field: "x", values });

/** The truth table of query/filter.ts, by example. */
export const FILTER_TABLE: readonly [title: string, filter: Filter<string>, passing: readonly string[]][] = [
  ["eq text", eq("abc"), ["text", "list"]],
  ["eq the empty text", eq(""), ["empty text"]],
  ["eq number, not its text", eq(5), ["five", "list"]],
  ["eq text, not its number", eq("5"), ["text 5"]],
  ["eq true", eq(true), ["true", "list"]],
  ["eq false is not missing, null or zero", eq(false), ["false"]],
  ["eq null: missing, null, and a null in a list", eq(null), ["missing", "null", "list with null", "object"]],
  ["eq a list compares whole lists", eq(["abc", 5, true]), ["list"]],
  ["eq a list with another order", eq([5, "abc", true]), []],
  ["eq the empty list", eq([]), ["empty list"]],
  ["eq a nested list is not membership", eq(["abc"]), []],
  ["in", among("abc", 5.5, false), ["text", "half", "false", "list"]],
  ["in with null", among(null, "5"), ["missing", "null", "text 5", "list with null", "object"]],
  ["in with a list", among([[]], [["abc"]]), ["nested list"]],
  ["in nothing", among(), []],
  ["lt number", compare("lt", 5.5), ["five", "zero"]],
  ["lte number", compare("lte", 5.5), ["five", "half", "zero"]],
  ["gt number does not reach into lists", compare("gt", 4), ["five", "half"]],
  ["gte text", compare("gte", "5"), ["text", "text 5"]],
  ["lt text takes the empty text, not null", compare("lt", "5"), ["empty text"]],
  [
    "exists takes null, not an object",
    { kind: "exists", field: "x" },
    ALL.filter((n) => n !== "missing" && n !== "object"),
  ],
  ["exists on a path inside an object", { kind: "exists", field: "x.y" }, ["object"]],
  ["contains text", contains("b"), ["text"]],
  ["contains is membership in a list", contains("abc"), ["text", "list"]],
  ["contains the empty text is any text", contains(""), ["text", "empty text", "text 5"]],
  ["contains number", contains(5), ["list"]],
  ["contains boolean", contains(true), ["list"]],
  ["regex is found anywhere in text, not in lists", regex("b"), ["text"]],
  ["regex of an anchor alone is found in every text", regex("$"), ["text", "empty text", "text 5"]],
  ["regex with empty groups", regex("^()a(|)(()|)*b()"), ["text"]],
  ["regex with anchors", regex("^(abc|\\d)$"), ["text", "text 5"]],
  ["regex that matches nothing is found in every text", regex("z*"), ["text", "empty text", "text 5"]],
  [
    "same text: the group, not elements of lists",
    { kind: "same", field: "x", values: ["abc", 5.5, true] },
    ["text", "half", "true"],
  ],
  ["same list", { kind: "same", field: "x", values: [["abc", 5, true], []] }, ["list", "empty list"]],
  ["same null: no value, or an object", { kind: "same", field: "x", values: [null] }, ["missing", "null", "object"]],
  ["same nothing", { kind: "same", field: "x", values: [] }, []],
  [
    "within, of what is no place",
    { kind: "within", field: "x", centre: { longitude: 0, latitude: 0 }, metres: 1e9 },
    [],
  ],
  ["all of nothing is true", { kind: "all", of: [] }, ALL],
  ["any of nothing is false", { kind: "any", of: [] }, []],
  ["any", { kind: "any", of: [eq("abc"), compare("gt", 5)] }, ["text", "half", "list"]],
  [
    "all",
    { kind: "all", of: [{ kind: "exists", field: "x" }, not(eq(null)), not(compare("gte", ""))] },
    ["five", "half", "zero", "true", "false", "list", "empty list", "nested list"],
  ],
];

/** Standard fields of every kind, over an event that has them and one that has none: how many pass. */
export const STANDARD_TABLE: readonly [title: string, filter: Filter<string>, count: number][] = [
  ["standard field: text", { kind: "eq", field: "$page.path", value: "/a" }, 1],
  ["standard field: text, not a number", { kind: "eq", field: "$page.path", value: 5 }, 0],
  ["standard field: a text that is missing", { kind: "eq", field: "$page.path", value: null }, 1],
  ["standard field: a text that is there", { kind: "exists", field: "$page.path" }, 1],
  ["standard field: inside a text", { kind: "contains", field: "$page.path", value: "a" }, 1],
  ["standard field: a number", { kind: "compare", field: "$engaged_ms", op: "lte", value: 5 }, 1],
  ["standard field: not a number, or missing", not({ kind: "compare", field: "$engaged_ms", op: "lte", value: 5 }), 1],
  ["standard field: a boolean", { kind: "eq", field: "$bot.is", value: false }, 0],
  ["standard field: an element of a list", { kind: "eq", field: "$bot.reasons", value: "ip" }, 1],
  ["standard field: elements are not looked into", { kind: "contains", field: "$bot.reasons", value: "i" }, 0],
  ["standard field: a whole list", { kind: "eq", field: "$bot.reasons", value: ["ua", "ip"] }, 1],
  ["standard field: some element", { kind: "in", field: "$bot.reasons", values: ["x", "ua"] }, 1],
  ["standard field: an id", { kind: "eq", field: "keen.id", value: "x" }, 0],
];

export function filterCases(use: () => Subject): void {
  describe("filters", () => {
    let project: Promise<string> | undefined;
    const loaded = (): Promise<string> => {
      project ??= (async () => {
        const name = newProject();
        await use().load(message(name, ...EVENTS));
        return name;
      })();
      return project;
    };
    const passing = async (filter: Filter<string>) =>
      use().value(await loaded(), { kind: "select_unique", field: "name" }, filter);

    test.each(FILTER_TABLE)("%s", async (_, filter, names) => {
      expect(await passing(filter)).toEqual(names.toSorted());
    });

    test.each(FILTER_TABLE)("not: %s - the exact opposite, never 'unknown'", async (_, filter, names) => {
      expect(await passing(not(filter))).toEqual(ALL.filter((name) => !names.includes(name)).toSorted());
    });

    test("a filter on a property nobody ever sent is false, its negation true", async () => {
      const never = { kind: "eq", field: "never.sent", value: 1 } as const;
      expect(await passing(never)).toEqual([]);
      expect(await passing(not(never))).toEqual(ALL.toSorted());
    });

    test("texts are ordered by code points: an emoji comes after every letter of the basic plane", async () => {
      const name = newProject();
      await use().load(message(name, ...["a", "Z", "ä", "\uFFFD", "\u{1F600}", ""].map((s) => ({ s }))));
      const after = (value: string) =>
        use().value(name, { kind: "select_unique", field: "s" }, { kind: "compare", field: "s", op: "gt", value });
      expect(await after("\uFFFD")).toEqual(["\u{1F600}"]);
      expect(await after("Z")).toEqual(["a", "ä", "\uFFFD", "\u{1F600}"]);
      const rows = await use().rows(name, { groupBy: ["s"] });
      expect(rows.map(({ group }) => group[0])).toEqual(["", "Z", "a", "ä", "\uFFFD", "\u{1F600}"]);
    });

    test("texts are compared as they are: no case folding, no normalisation, no trimming", async () => {
      const name = newProject();
      await use().load(message(name, ...["É", "é", "e\u0301", " é", "é "].map((s) => ({ s }))));
      expect(await use().count(name, { kind: "eq", field: "s", value: "é" })).toBe(1);
      expect(await use().value(name, { kind: "count_unique", field: "s" })).toBe(5);
    });

    test("thousands of members in one `in`", async () => {
      const name = newProject();
      await use().load(message(name, { s: "v7" }, { s: "v9999" }, { s: "v10000" }, { s: ["v3"] }));
      const values = Array.from({ length: 10_000 }, (_, i) => `v${i}`);
      expect(await use().count(name, { kind: "in", field: "s", values })).toBe(3);
    });

    test("times compare as instants, given as text or as number", async () => {
      const name = newProject();
      await use().load(
        [NOON, NOON + 1, NOON + 2].map((timestamp) => storedEvent({ project: name, timestamp, receivedAt: NOON })),
      );
      const count = (op: "lt" | "gte", field: string, value: string | number) =>
        use().count(name, { kind: "compare", field, op, value });
      expect(await count("gte", "keen.timestamp", NOON + 1)).toBe(2);
      expect(await count("lt", "keen.timestamp", "2026-03-10T12:00:00.001Z")).toBe(1);
      expect(await count("lt", "keen.timestamp", "2026-03-10T14:00:00.001+02:00")).toBe(1);
      expect(await count("gte", "keen.created_at", "2026-03-10")).toBe(3);
      expect(await use().count(name, { kind: "eq", field: "keen.timestamp", value: NOON + 2 })).toBe(1);
      expect(await use().count(name, { kind: "eq", field: "keen.timestamp", value: NOON + 0.5 })).toBe(0);
    });

    test("standard fields of every kind are filtered like properties", async () => {
      const name = newProject();
      await use().load([
        storedEvent({
          project: name,
          context: { page_path: "/a", engaged_ms: 5, bot_is: true, bot_reasons: ["ua", "ip"] },
        }),
        storedEvent({ project: name, context: { page_path: null } }),
      ]);
      for (const [, filter, count] of STANDARD_TABLE)
        expect([filter, await use().count(name, filter)]).toEqual([filter, count]);
    });
  });
}
