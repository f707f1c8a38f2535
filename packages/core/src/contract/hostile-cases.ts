import { describe, expect, test } from "vitest";
import type { JsonObject } from "../values/json.ts";
import { extractionPlan, message, newProject } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "it's",
  'say "x"',
  "a\\b",
  "a$1",
  "a*b",
  "a:b",
  "a%b_c",
  "-- ; DROP TABLE events",
  "ключ",
  "\u{1F469}\u200D\u{1F680}",
  "nul\u0000inside",
  "line\nbreak",
  " ",
  "x".repeat(255),
];

const TEXTS = [...NAMES, "", "null", "true", "5", "{}", "[]", "\u0000", "\uFFFE", "\u{10FFFF}", "y".repeat(9_999)];

export function hostileCases(use: () => Subject): void {
  describe("hostile names and texts are data", () => {
    test.each(NAMES.map((name) => [JSON.stringify(name).slice(0, 40), name]))("property %s", async (_, name) => {
      const { load, value, count, rows, store } = use();
      const project = newProject();
      const properties = [{ [name]: "v" }, { [name]: 5 }, { o: { [name]: ["v"] } }].map(own);
      await load(message(project, ...properties));
      expect(await count(project, { kind: "eq", field: name, value: "v" })).toBe(1);
      expect(await count(project, { kind: "eq", field: `o.${name}`, value: "v" })).toBe(1);
      expect(await value(project, { kind: "sum", field: name })).toBe(5);
      expect((await rows(project, { groupBy: [name] })).map(({ group }) => group[0])).toEqual([null, 5, "v"]);
      const { events } = await store.extract(extractionPlan(project));
      const back = events.map((event) => JSON.stringify(event.properties)).toSorted();
      expect(back).toEqual(properties.map((each) => JSON.stringify(each)).toSorted());
    });

    test("texts keep every character: as values, in groups, in filters, on extraction", async () => {
      const { load, count, value, store } = use();
      const project = newProject();
      await load(message(project, ...TEXTS.map((text) => ({ text }))));
      expect(await value(project, { kind: "count_unique", field: "text" })).toBe(TEXTS.length);
      for (const text of TEXTS) expect(await count(project, { kind: "eq", field: "text", value: text })).toBe(1);
      const { events } = await store.extract(extractionPlan(project));
      expect(new Set(events.map((event) => event.properties["text"]))).toEqual(new Set(TEXTS));
    });

    test("a property and an object of the same name do not meet", async () => {
      const { load, rows } = use();
      const project = newProject();
      await load(message(project, { a: 1 }, { a: { b: 2 } }, { a: { b: { c: 3 } } }));
      const sums = ["a", "a.b", "a.b.c"].map((field) => ({ kind: "sum", field }) as const);
      expect((await rows(project, { measures: sums }))[0]?.values).toEqual([1, 2, 3]);
    });

    test("the extremes of a double survive", async () => {
      const { load, value } = use();
      const project = newProject();
      const numbers = [5e-324, -1.7976931348623157e308, 1.7976931348623157e308, 2 ** 53, 0.1];
      await load(message(project, ...numbers.map((n) => ({ n }))));
      expect(await value(project, { kind: "select_unique", field: "n" })).toEqual(numbers.toSorted((a, b) => a - b));
    });

    test("a thousand names in one event, and as many others in the next", async () => {
      const { load, count } = use();
      const project = newProject();
      const wide = (prefix: string) => Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${prefix}${i}`, i]));
      await load(message(project, wide("a"), wide("b")));
      expect(await count(project, { kind: "eq", field: "b499", value: 499 })).toBe(1);
    });
  });
}

/** With `__proto__` as an own property at every level, as JSON.parse makes it. */
function own(properties: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(properties)) as JsonObject;
}
