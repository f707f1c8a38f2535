import { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runInExecution, type EventStore, type Execution } from "@millrace/core";
import {
  extractionPlan,
  funnelPlan,
  metricPlan,
  NOON,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  storedEvent,
} from "@millrace/core/contract";
import { createDuckDbStore } from "./index.ts";

let store: EventStore;
beforeAll(async () => {
  store = await createDuckDbStore({ path: ":memory:", clock: { now: Date.now }, threads: 1 });
});
afterAll(() => store.close());

const inOneMoment: NonNullable<EventStore["snapshot"]> = (project, work) => {
  if (!store.snapshot) throw new Error("The store has moments.");
  return store.snapshot(project, work);
};
const received = { project: "p", from: 0, to: NOON + 1 };
const deletion = { project: "p", receivedBefore: NOON + 1 };
const event = storedEvent({ project: "p" });
const exception = {
  project: "p",
  batch: "b",
  ordinal: 0,
  collection: "visits",
  receivedAt: NOON,
  outcome: "rejected",
  reason: "mapping",
  detail: "",
  raw: "{}",
} as const;
const timeframe = { kind: "absolute", start: NOON - 86_400_000, end: NOON } as const;

/** What each call is called in the execution that makes it, where somebody looks for what took so long. */
const CALLS: [call: string, told: string, call: () => Promise<unknown>][] = [
  ["append", 'duckdb.commit {"events":1}', () => store.append([event])],
  ["recordExceptions", 'duckdb.exceptions {"exceptions":1}', () => store.recordExceptions([exception])],
  ["rejectedGroups", 'duckdb.rejected {"project":"p"}', () => store.rejectedGroups(received)],
  ["rejectedEvents", 'duckdb.rejected {"project":"p"}', () => store.rejectedEvents(received, { limit: 1 })],
  ["withdrawExceptions", 'duckdb.withdraw {"events":1}', () => store.withdrawExceptions([exception])],
  ["forgetRaw", "duckdb.forget", () => store.forgetRaw(1)],
  ["metric", 'duckdb.metric {"project":"p"}', () => store.metric(metricPlan("p"))],
  ["extract", 'duckdb.extract {"project":"p"}', () => store.extract(extractionPlan("p"))],
  ["funnel", 'duckdb.funnel {"project":"p"}', () => store.funnel(funnelPlan("p", [{}]))],
  [
    "orderedFunnel",
    'duckdb.ordered-funnel {"project":"p"}',
    () => store.orderedFunnel(orderedFunnelPlan("p", { steps: [{}, {}] })),
  ],
  ["retention", 'duckdb.retention {"project":"p"}', () => store.retention(retentionPlan("p", { timeframe }))],
  ["paths", 'duckdb.paths {"project":"p"}', () => store.paths(pathsPlan("p", {}))],
  ["outcomes", 'duckdb.outcomes {"project":"p"}', () => store.outcomes(received)],
  ["arrivals", 'duckdb.arrivals {"project":"p"}', () => store.arrivals(received)],
  ["snapshot", 'duckdb.snapshot {"project":"p"}', () => inOneMoment("p", async () => 1)],
  ["countWhere", 'duckdb.count {"project":"p"}', () => store.countWhere(deletion)],
  [
    "deleteProperty",
    'duckdb.delete-property {"project":"p"}',
    () => store.deleteProperty({ ...deletion, collection: "visits", property: "a" }),
  ],
  ["deleteWhere", 'duckdb.delete {"project":"p"}', () => store.deleteWhere(deletion)],
];

/** The calls that an execution tells of while it does `work`, with what they say of themselves. */
async function toldDuring(work: () => Promise<unknown>): Promise<string[]> {
  const calls: string[] = [];
  const execution: Execution = {
    id: "run-1",
    coldStart: false,
    label: () => {},
    metric: () => {},
    startSpan: (name, attributes) => {
      calls.push([name, attributes && JSON.stringify(attributes)].filter(Boolean).join(" "));
      return { end: () => {} };
    },
  };
  await runInExecution(execution, work);
  return calls;
}

test.each(CALLS)("%s is told of as %s", async (_, told, call) => {
  expect(await toldDuring(call)).toEqual([told]);
});

test("nothing to record or to take back is no call", async () => {
  expect(await toldDuring(() => store.recordExceptions([]))).toEqual([]);
  expect(await toldDuring(() => store.withdrawExceptions([]))).toEqual([]);
});

test("what fails while writing has decided nothing, says so with what DuckDB said, and may be sent again", async () => {
  const events = [storedEvent({ project: "full" })];
  const failing = vi.spyOn(DuckDBConnection.prototype, "createAppender");
  try {
    failing.mockRejectedValueOnce(new Error(`IO Error: no space left${"!".repeat(600)}`));
    await expect(store.append(events)).rejects.toMatchObject({
      code: "ServiceUnavailable",
      message: "The store could not write. Nothing was stored; try again.",
      retry: true,
      context: { what: "duckdb.append", duckdb: `IO Error: no space left${"!".repeat(600)}`.slice(0, 500) },
    });
    failing.mockRejectedValueOnce(new Error("IO Error"));
    await expect(store.recordExceptions([exception])).rejects.toMatchObject({ context: { what: "duckdb.exceptions" } });
  } finally {
    failing.mockRestore();
  }
  expect(await store.append(events)).toEqual([{ kind: "stored" }]);
});

test("a moment stays as it was, whatever is appended meanwhile, and gives as many days and groups as are asked for", async () => {
  const day = (n: number, visitor: string, geo_country = "DE") =>
    storedEvent({ project: "m", timestamp: NOON - n * 86_400_000, context: { visitor, geo_country } });
  await store.append([day(0, "u"), day(1, "u"), day(1, "v", "FR"), day(2, "w", "IT"), day(2, "v", "FR")]);
  const visitors = metricPlan("m", {
    measures: [{ label: "visitors", measure: { kind: "count_unique", field: "$visitor" } }],
    timeframe: { kind: "absolute", start: NOON - 3 * 86_400_000, end: NOON + 1 },
  });
  const top = metricPlan("m", {
    measures: [{ label: "visitors", measure: { kind: "count_unique", field: "$visitor" } }],
    groupBy: ["$geo.country"],
    orderBy: [{ by: "visitors", direction: "desc" }],
    limit: 1,
  });
  expect(top.top).toBeDefined();
  const both = async (of: Pick<EventStore, "metric">) => [
    (await of.metric(visitors)).rows.map(({ values }) => values[0]),
    (await of.metric(top)).rows.map(({ group, values }) => JSON.stringify([...group, ...values])).sort(),
  ];
  const before = [[3], ['["DE",1]', '["FR",1]', '["IT",1]']];
  expect(await both(store)).toEqual(before);
  const inside = await inOneMoment("m", async (moment) => {
    const first = await both(moment);
    await store.append([day(0, "x")]);
    return [first, await both(moment)];
  });
  expect(inside).toEqual([before, before]);
  // One event of Italy is less than two visitors.
  expect(await both(store)).toEqual([[4], ['["DE",2]', '["FR",1]']]);
});
