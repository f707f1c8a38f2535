import type { Filter, MetricPlan } from "@millrace/core";
import { evaluateMetric, message, metricPlan, storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { searcherOver } from "../../test/engine/searcher.ts";
import { settleDeeds, settleMetric } from "./deeds.ts";
import { runMetric } from "./metric.ts";

const did = (collection: string, filter: Filter<string> = { kind: "all", of: [] }): Filter<string> => ({
  kind: "did",
  actor: "who",
  deed: { collections: [collection], filter },
});
const EVENTS = [
  ...message("p", { who: "ann" }, { who: "bob" }, { who: 5 }, { who: ["x"] }, { who: null }, {}),
  ...[{ who: "ann", kind: "a" }, { who: 5, kind: "b" }, { who: ["x"], kind: "b" }, { kind: "a" }].map((properties) =>
    storedEvent({ project: "p", collection: "clicks", properties }),
  ),
  storedEvent({ project: "p", collection: "buys", properties: { who: 5 } }),
  storedEvent({ project: "q", collection: "clicks", properties: { who: "bob" } }),
];
const eq: Filter<string> = { kind: "eq", field: "kind", value: "b" };

const LIMITS = { unique: 1_000, values: 1_000 };

test.each<[what: string, filter: Filter<string>, count: number]>([
  ["who did it", did("clicks"), 3],
  ["who did not", { kind: "not", of: did("clicks") }, 3],
  ["who did both", { kind: "all", of: [did("clicks"), did("buys")] }, 1],
  ["who did one or the other", { kind: "any", of: [did("buys"), { kind: "eq", field: "who", value: "bob" }] }, 2],
  ["who did it in one way", did("clicks", eq), 2],
  ["who did what those did who did another thing", did("clicks", did("buys")), 1],
  ["nobody did it", did("never"), 0],
])("%s", async (_, filter, count) => {
  const plan = metricPlan("p", { filter });
  const { searcher, asked } = searcherOver(EVENTS);
  const { rows } = await runMetric(searcher, await settleMetric(searcher, plan), LIMITS);
  expect(rows).toEqual(evaluateMetric(plan, EVENTS).rows);
  expect(rows[0]?.values).toEqual([count]);
  expect(asked[0]?.snapshot).toBe(true);
});

test("filters of measures are settled, too", async () => {
  const measure = { kind: "count" } as const;
  const plan = metricPlan("p", { measures: [{ label: "m", measure, filter: did("clicks") }, measure] });
  const { searcher } = searcherOver(EVENTS);
  const settled: MetricPlan = await settleMetric(searcher, plan);
  expect((await runMetric(searcher, settled, LIMITS)).rows[0]?.values).toEqual([3, 6]);
  expect(settled.measures[1]).not.toHaveProperty("filter");
});

test("more than a list of the engine may have are refused; as many are not", async () => {
  const crowd = Array.from({ length: 65_001 }, (_, who) =>
    storedEvent({ project: "p", collection: "clicks", properties: { who } }),
  );
  const plan = metricPlan("p", { filter: did("clicks") });
  const settle = (count: number) => settleDeeds(searcherOver(crowd.slice(0, count)).searcher, plan);
  await expect(settle(65_000)).resolves.toMatchObject({ filter: { kind: "same" } });
  await expect(settle(65_001)).rejects.toMatchObject({
    code: "TooManyResultsError",
    message: expect.stringMatching(/^More than 65000 did what a did filter asks for/),
  });
});
