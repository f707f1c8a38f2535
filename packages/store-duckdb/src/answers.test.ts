import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gridOf, type EventStore, type MetricResult } from "@millrace/core";
import { createReferenceStore, extractionPlan, metricPlan, NOON, storedEvent } from "@millrace/core/contract";
import { createDuckDbStore } from "./index.ts";

// Some questions about few events, quick: of kinds that a field cannot have most of all. The contract suite and random questions ask
// thousands, and take minutes.

const HOUR = 3_600_000;
const CONTEXT = {
  page_path: "/a",
  visitor: "ann",
  engaged_ms: 1_500,
  bot_is: true,
  bot_reasons: ["agent", "speed"],
  visit_start: NOON - HOUR,
};
const VALUES = [5, -0, 0, "5", true, false, null, ["x", 1], "text", 12.5];
const EVENTS = VALUES.map((value, i) =>
  storedEvent({
    project: "p",
    timestamp: NOON + i * HOUR,
    ordinal: i,
    instance: `instance-${i % 2}`,
    context: i % 2 === 0 ? CONTEXT : {},
    properties: { value, place: [13.4 + i, 52.5] },
  }),
);

type Input = NonNullable<Parameters<typeof metricPlan>[1]>;
type Filter = NonNullable<Input["filter"]>;

let store: EventStore;
const reference = createReferenceStore();
beforeAll(async () => {
  store = await createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, threads: 1 });
  for (const each of [store, reference]) await each.append(EVENTS);
});
afterAll(() => store.close());

const inOrder = ({ rows }: MetricResult) =>
  rows.map((row) => JSON.stringify([row.bucket, row.group, row.values])).sort();

async function expectTheReferences(input: Input): Promise<void> {
  const plan = metricPlan("p", input);
  expect(inOrder(await store.metric(plan))).toEqual(inOrder(await reference.metric(plan)));
}

describe("a filter of a kind that the field never has is met by none, its opposite by all", () => {
  const FILTERS: Filter[] = [
    { kind: "eq", field: "$page.path", value: true },
    { kind: "eq", field: "$page.path", value: 5 },
    { kind: "eq", field: "$engaged_ms", value: "1500" },
    { kind: "eq", field: "$bot.reasons", value: 5 },
    { kind: "eq", field: "$bot.is", value: "true" },
    { kind: "compare", field: "$engaged_ms", op: "lt", value: "a" },
    { kind: "contains", field: "$engaged_ms", value: "5" },
    { kind: "regex", field: "$engaged_ms", pattern: "." },
    { kind: "eq", field: "$page.path", value: ["/a"] },
    { kind: "eq", field: "$bot.reasons", value: ["agent", 5] },
  ];
  test.each(FILTERS)("%j", async (filter) => {
    const count = async (only: Filter) => (await store.metric(metricPlan("p", { filter: only }))).rows[0]?.values[0];
    expect([await count(filter), await count({ kind: "not", of: filter })]).toEqual([0, EVENTS.length]);
  });
});

describe("answers are the reference's", () => {
  const FILTERS: Filter[] = [
    { kind: "eq", field: "$bot.is", value: true },
    { kind: "eq", field: "$bot.reasons", value: "speed" },
    { kind: "eq", field: "$bot.reasons", value: ["agent", "speed"] },
    { kind: "in", field: "$bot.reasons", values: ["speed", "other"] },
    { kind: "eq", field: "$visit.start", value: NOON - HOUR },
    { kind: "compare", field: "$visit.start", op: "lt", value: NOON - HOUR + 0.5 },
    { kind: "in", field: "$visit.start", values: [NOON - HOUR, 7] },
    { kind: "eq", field: "value", value: 0 },
    { kind: "eq", field: "value", value: null },
    { kind: "eq", field: "value", value: ["x", 1] },
    { kind: "in", field: "value", values: [5, "text", true, null] },
    { kind: "contains", field: "value", value: "x" },
    { kind: "contains", field: "value", value: "ex" },
    { kind: "contains", field: "value", value: 1 },
    { kind: "compare", field: "value", op: "gte", value: 5 },
    { kind: "compare", field: "value", op: "gt", value: "5" },
    { kind: "regex", field: "value", pattern: "^t" },
    { kind: "within", field: "place", centre: { longitude: 13.4, latitude: 52.5 }, metres: 100_000 },
    { kind: "exists", field: "$bot.reasons" },
    { kind: "exists", field: "value" },
    {
      kind: "did",
      actor: "$visitor",
      deed: { collections: ["visits"], filter: { kind: "eq", field: "value", value: 5 } },
    },
  ];
  test.each(FILTERS)("to %j", async (filter) => {
    await expectTheReferences({ filter });
    await expectTheReferences({ filter: { kind: "not", of: filter } });
  });

  const MEASURES = ["count_unique", "select_unique", "sum", "average", "minimum", "maximum", "percentile"] as const;
  const FIELDS = ["value", "place", "$page.path", "$engaged_ms", "$bot.is", "$bot.reasons", "$visit.start", "$visitor"];
  test.each(FIELDS)("by %s, and of it", async (field) => {
    const isNumber = !field.startsWith("$") || field === "$engaged_ms";
    const measures = MEASURES.slice(0, isNumber ? MEASURES.length : 2).map((kind) => ({ kind, field, percentile: 50 }));
    await expectTheReferences({ groupBy: [field] });
    await expectTheReferences({ measures });
    // A measure's own filter is a filter of nothing else.
    const filter: Filter = { kind: "eq", field: "$page.path", value: "/a" };
    await expectTheReferences({ measures: measures.map((measure, i) => ({ label: `m${i}`, measure, filter })) });
  });

  const grid = gridOf(10, 0);
  if (!grid) throw new Error("It is a grid.");
  const GROUPS: NonNullable<Input["groupBy"]>[] = ["value", "$engaged_ms"].flatMap((field) => [
    [{ kind: "buckets", field, name: "bins", grid }],
    [{ kind: "ranges", field, name: "bins", ranges: [{ to: 5 }, { from: 5, to: 6 }, { from: 1_000 }] }, "$bot.is"],
  ]);
  test.each(GROUPS)("in numbers put together: %j", async (...groupBy) => {
    await expectTheReferences({ groupBy });
  });

  test("by day of a visit", () =>
    expectTheReferences({
      time: "visit_start",
      timeframe: { kind: "absolute", start: NOON - 36 * HOUR, end: NOON + 36 * HOUR },
      interval: { kind: "calendar", unit: "day" },
    }));
});

test("an event comes back as it was stored, with all that is known of it", async () => {
  const { events } = await store.extract(extractionPlan("p"));
  expect(events).toEqual(
    EVENTS.map(({ id, collection, timestamp, receivedAt, context, properties }) => ({
      id,
      collection,
      timestamp,
      receivedAt,
      context,
      // JSON has one zero.
      properties: JSON.parse(JSON.stringify(properties)) as object,
    })),
  );
});

test("of each ingest instance it is known how many it had accepted", async () => {
  const query = { project: "p", from: 0, to: NOON + 99 * HOUR };
  expect(await store.arrivals(query)).toEqual(await reference.arrivals(query));
  expect(new Set((await store.arrivals(query)).map(({ instance }) => instance)).size).toBe(2);
});
