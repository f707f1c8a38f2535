import { describe, expect, test } from "vitest";
import { LIMITS_QUERY } from "../query/limits.ts";
import type { EventStore, RunOptions } from "../store/port.ts";
import {
  extractionPlan,
  funnelPlan,
  message,
  metricPlan,
  newProject,
  NOON,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  storedEvent,
} from "./fixtures.ts";
import type { Subject } from "./subject.ts";

const DAY = 86_400_000;
/** By when events were received: whenever. */
const received = { from: 0, to: NOON + 100 * 365 * DAY } as const;
const timeframe = { kind: "absolute", start: NOON - DAY, end: NOON + DAY } as const;
/** More than a store answers side by side: what waits for its turn ends too. */
const ASKED = 6;

/** One question of each kind. */
export const EVERY_KIND: Readonly<
  Record<string, (store: EventStore, project: string, run?: RunOptions) => Promise<unknown>>
> = {
  metric: (store, project, run) =>
    store.metric(metricPlan(project, { groupBy: ["who"], measures: [{ kind: "count_unique", field: "did" }] }), run),
  extraction: (store, project, run) => store.extract(extractionPlan(project), run),
  funnel: (store, project, run) => store.funnel(funnelPlan(project, [{}, {}]), run),
  "ordered funnel": (store, project, run) =>
    store.orderedFunnel(orderedFunnelPlan(project, { steps: [{}, {}, {}] }), run),
  retention: (store, project, run) => store.retention(retentionPlan(project, { timeframe }), run),
  paths: (store, project, run) => store.paths(pathsPlan(project, { session: "who", step: "did" }), run),
  outcomes: (store, project, run) => store.outcomes({ project, ...received }, run),
  arrivals: (store, project, run) => store.arrivals({ project, ...received }, run),
  "rejected groups": (store, project, run) => store.rejectedGroups({ project, ...received }, run),
  "rejected events": (store, project, run) => store.rejectedEvents({ project, ...received }, { limit: 10 }, run),
};

export function stopCases(use: () => Subject): void {
  describe.each(Object.entries(EVERY_KIND))("%s", (_, ask) => {
    test("past its time ends with QueryTimeout, given up with its caller's reason, and the store goes on", async () => {
      const { store, load } = use();
      const project = newProject();
      await load(
        message(project, ...Array.from({ length: 600 }, (__, i) => ({ who: `u${i % 50}`, did: `d${i % 7}` }))),
      );
      const answer = await ask(store, project);
      await expect(ask(store, project, { timeoutMs: 0 })).rejects.toMatchObject({ code: "QueryTimeout", status: 504 });

      const controller = new AbortController();
      const reason = new Error("gone");
      const asked = Array.from({ length: ASKED }, () => ask(store, project, { signal: controller.signal }));
      const ends = Promise.allSettled(asked);
      controller.abort(reason);
      for (const end of await ends) expect(end).toEqual({ status: "rejected", reason });
      await expect(ask(store, project, { signal: controller.signal })).rejects.toBe(reason);

      const again = await Promise.all(Array.from({ length: ASKED }, () => ask(store, project)));
      expect(again.map(inAnyOrder)).toEqual(again.map(() => inAnyOrder(answer)));
    });
  });

  test("more actors than an answer may list are refused, however few of them do each step", async () => {
    const { store, load } = use();
    const project = newProject();
    const actors = Math.floor(LIMITS_QUERY.actors / LIMITS_QUERY.funnelSteps) + 1;
    await load(Array.from({ length: actors }, (_, i) => storedEvent({ project, properties: { who: i } })));
    const steps = Array.from({ length: LIMITS_QUERY.funnelSteps }, () => ({ withActors: true }));
    await expect(store.funnel(funnelPlan(project, steps))).rejects.toMatchObject({
      code: "TooManyResultsError",
      status: 400,
    });
    const { counts } = await store.funnel(funnelPlan(project, [...steps.slice(1), {}]));
    expect(counts).toEqual(steps.map(() => actors));
  });
}

/** A store may give rows and links in any order. */
function inAnyOrder(answer: unknown): unknown {
  const lists = Object.entries(answer as Record<string, unknown>).map(([name, value]) => [
    name,
    Array.isArray(value) && name !== "events" ? value.map((each) => JSON.stringify(each)).sort() : value,
  ]);
  return Object.fromEntries(lists);
}
