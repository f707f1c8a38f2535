import { expect, test } from "vitest";
import {
  extractionPlan,
  funnelPlan,
  metricPlan,
  NOON,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  storedEvent,
} from "../contract/fixtures.ts";
import { createReferenceStore } from "../contract/reference.ts";
import type { EventSource, RunOptions } from "../store/port.ts";
import { fairSource } from "./fair-source.ts";
import { createTimeShares } from "./time-shares.ts";

const DAY = 24 * 3_600_000;
const timeframe = { kind: "absolute", start: NOON - DAY, end: NOON + DAY } as const;

/** Each kind of question, put to a source. */
const ASK: Readonly<Record<string, (source: EventSource, run?: RunOptions) => Promise<unknown>>> = {
  metric: (source, run) => source.metric(metricPlan("p"), run),
  extract: (source, run) => source.extract(extractionPlan("p"), run),
  funnel: (source, run) => source.funnel(funnelPlan("p", [{}]), run),
  orderedFunnel: (source, run) => source.orderedFunnel(orderedFunnelPlan("p", { steps: [{}, {}] }), run),
  retention: (source, run) => source.retention(retentionPlan("p", { timeframe }), run),
  paths: (source, run) => source.paths(pathsPlan("p"), run),
  outcomes: (source, run) => source.outcomes({ project: "p", from: NOON - DAY, to: NOON + DAY }, run),
};

async function filled() {
  const store = createReferenceStore();
  await store.append([storedEvent({ project: "p", collection: "visits", properties: { who: "a" } })]);
  return store;
}

test.each(Object.entries(ASK))("%s is answered as the store answers it, and its time is told", async (_, ask) => {
  const store = await filled();
  const times: number[] = [];
  const answer = await ask(fairSource(store, { atOnce: 2 }), { onEngineTime: (ms) => times.push(ms) });
  expect(answer).toEqual(await ask(store));
  expect(times).toHaveLength(1);
  expect(times[0]).toBeGreaterThanOrEqual(0);
  expect(times[0]).toBeLessThan(60_000);
});

/** A store that works on a question until it is told how that ends. */
function slow() {
  const ends: PromiseWithResolvers<never>[] = [];
  const metric = () => {
    const end = Promise.withResolvers<never>();
    ends.push(end);
    return end.promise;
  };
  return { ends, source: { ...createReferenceStore(), metric } as EventSource };
}

test("a question that fails gives its turn to the next, and tells its time too", async () => {
  const { ends, source } = slow();
  const fair = fairSource(source, { atOnce: 1 });
  const times: number[] = [];
  const first = fair.metric(metricPlan("p"), { onEngineTime: (ms) => times.push(ms) });
  const second = fair.metric(metricPlan("p"));
  await expect.poll(() => ends.length).toBe(1);
  ends[0]?.reject(new Error("no"));
  await expect(first).rejects.toThrow("no");
  expect(times).toHaveLength(1);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.reject(new Error("neither"));
  await expect(second).rejects.toThrow("neither");
});

test.each<[string, number, RunOptions | undefined]>([
  ["the source's", 1, undefined],
  ["the source's, where the question has more time", 1, { timeoutMs: 600_000 }],
  ["the question's, where it has less", 600_000, { timeoutMs: 1 }],
])("the longest wait for a turn is %s", async (_, waitMs, run) => {
  const { source } = slow();
  const fair = fairSource(source, { atOnce: 1, waitMs });
  void fair.metric(metricPlan("p"));
  await expect(fair.metric(metricPlan("p"), run)).rejects.toMatchObject({ code: "RateLimitExceeded" });
});

test("whoever is gone waits for no turn", async () => {
  const { source } = slow();
  const fair = fairSource(source, { atOnce: 1 });
  void fair.metric(metricPlan("p"));
  await expect(fair.metric(metricPlan("p"), { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
});

test("what the house asks has any turn, the last one beside another of its own too, and is nobody who is there", async () => {
  const { ends, source } = slow();
  const time = createTimeShares(() => 0);
  const fair = fairSource(source, { atOnce: 2, time });
  // Of two turns nobody else has both.
  const asked = [1, 2].map(() => fair.metric(metricPlan("health"), { isHouse: true }));
  await expect.poll(() => ends.length).toBe(2);
  expect(time.isAlone("p")).toBe(true);
  for (const end of ends) end.reject(new Error("over"));
  for (const end of await Promise.allSettled(asked)) expect(end.status).toBe("rejected");
});
