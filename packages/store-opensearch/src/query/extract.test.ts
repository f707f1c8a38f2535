import type { StoredEvent } from "@millrace/core";
import { evaluateExtraction, extractionPlan, NOON, storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { searcherOver } from "../../test/engine/searcher.ts";
import { runExtraction } from "./extract.ts";

const HOUR = 3_600_000;
const events = (count: number, more: (i: number) => Partial<StoredEvent> = () => ({})) =>
  Array.from({ length: count }, (_, i) =>
    storedEvent({
      project: "p",
      timestamp: NOON + (i % 7) * HOUR,
      receivedAt: NOON + i,
      properties: { i },
      ...more(i),
    }),
  );
const timeframe = { kind: "absolute", start: NOON, end: NOON + 10 * HOUR } as const;

test.each([
  ["all of them, oldest first", {}],
  ["the newest", { latest: 5 }],
  ["the newest of a time", { latest: 5, timeframe }],
  ["all of a time", { timeframe: { ...timeframe, end: NOON + 3 * HOUR } }],
  ["more than one page", { latest: 1_200, timeframe }],
  ["newest by the beginning of their visit", { latest: 5, timeframe, time: "visit_start" as const }],
])("%s", async (_, question) => {
  const stored = events(1_300, (i) => ({
    context: { page_path: `/${i}`, bot_reasons: ["a"], visit_start: NOON + (i % 5) * HOUR },
  }));
  const plan = extractionPlan("p", question);
  const { searcher, asked } = searcherOver(stored);
  expect(await runExtraction(searcher, plan)).toEqual(evaluateExtraction(plan, stored));
  const [first, ...later] = asked;
  expect(first?.snapshot).toBe(false);
  expect(later.every(({ body, snapshot }) => snapshot === (body.search_after !== undefined))).toBe(true);
});

test("an event has what was sent, and nothing of how it is indexed", async () => {
  const context = { page_path: "/a", bot_reasons: ["x", "y"], engaged_ms: 5 };
  const [event] = events(1, () => ({ context, properties: { a: { b: [1, null] }, c: null } }));
  if (!event) throw new Error("One was made.");
  const { id, collection, timestamp, receivedAt, properties } = event;
  expect(await runExtraction(searcherOver([event]).searcher, extractionPlan("p"))).toStrictEqual([
    { id, collection, timestamp, receivedAt, context, properties },
  ]);
  const [empty] = await runExtraction(
    searcherOver(events(1, () => ({ properties: {} }))).searcher,
    extractionPlan("p"),
  );
  expect(empty?.properties).toEqual({});
});

test("newest events are looked for in the last part of the time first, and only there when they fill a page", async () => {
  const stored = events(2_000, (i) => ({ timestamp: NOON + i * 10_000 }));
  const asked = async (latest: number, hours = 10) => {
    const { searcher, asked: requests } = searcherOver(stored);
    const plan = extractionPlan("p", {
      latest,
      timeframe: { kind: "absolute", start: NOON, end: NOON + hours * HOUR },
    });
    expect(await runExtraction(searcher, plan)).toEqual(evaluateExtraction(plan, stored));
    return requests.map(({ body }) =>
      /"timestamp":\{"gte":(\d+),"lt":(\d+)\}/.exec(JSON.stringify(body.query))?.slice(1).map(Number),
    );
  };
  const end = NOON + 5 * HOUR;
  expect(await asked(3, 5)).toEqual([[Math.floor(end - (5 * HOUR) / 256), end]]);
  expect(await asked(100, 5)).toEqual([
    [Math.floor(end - (5 * HOUR) / 256), end],
    [Math.floor(end - (5 * HOUR) / 16), end],
  ]);
  const late = NOON + 10 * HOUR;
  expect(await asked(3)).toEqual([
    [Math.floor(late - (10 * HOUR) / 256), late],
    [Math.floor(late - (10 * HOUR) / 16), late],
    [NOON, late],
  ]);
});

test("wide events come in smaller pages", async () => {
  const stored = events(1_100, () => ({
    properties: { text: "x".repeat(9_000), more: "y".repeat(9_000), m: "z".repeat(9_000) },
  }));
  const { searcher, asked } = searcherOver(stored);
  const plan = extractionPlan("p", { latest: 1_000 });
  expect(await runExtraction(searcher, plan)).toHaveLength(1_001);
  // Of 54 KB each, with what is indexed of them: 16 MB a page.
  expect(asked.map(({ body }) => body.size)).toEqual([500, 294, 207]);
  const wide = searcherOver(events(700, () => ({ properties: { a: Array(40).fill("x".repeat(9_000)) } })));
  await runExtraction(wide.searcher, extractionPlan("p", { latest: 650 }));
  expect(wide.asked.map(({ body }) => body.size)).toEqual([500, 100, 51]);
});
