import { describe, expect, test } from "vitest";
import { EVERYTHING, type Filter } from "../query/filter.ts";
import type { MetricQuery } from "../query/query.ts";
import { scopeQuery } from "../query/scope.ts";
import { planMetric } from "../query/plan.ts";
import { UTC } from "../time/zone.ts";
import {
  extractionPlan,
  funnelPlan,
  message,
  newProject,
  NOON,
  not,
  pathsPlan,
  retentionPlan,
  storedEvent,
  TYPED,
} from "./fixtures.ts";
import type { Subject } from "./subject.ts";

const eq = (field: string, value: string | number): Filter<string> => ({ kind: "eq", field, value });
const did = (collection: string, filter: Filter<string> = EVERYTHING, actor = "who"): Filter<string> => ({
  kind: "did",
  actor,
  deed: { collections: [collection], filter },
});

/** Who did something else: `did`, in each kind of question, and what it must not look at. */
export function deedCases(use: () => Subject): void {
  const at = (project: string, who: string | null, collection: string, rest: object = {}) =>
    storedEvent({ project, collection, properties: { who }, ...rest });

  describe("did", () => {
    test("keeps the events of whoever did it, and its contrary all others, nobody's too", async () => {
      const project = newProject();
      const { load, count } = use();
      await load([
        at(project, "ann", "visits"),
        at(project, "ann", "visits"),
        at(project, "bob", "visits"),
        at(project, null, "visits"),
        at(project, "ann", "clicks"),
        at(project, null, "clicks"),
        at(project, "cid", "clicks"),
      ]);
      expect(await count(project, did("clicks"))).toBe(2);
      expect(await count(project, not(did("clicks")))).toBe(2);
      expect(await count(project, did("never"))).toBe(0);
      expect(await count(project, not(did("never")))).toBe(4);
    });

    test("an actor is the same by type and value, lists too", async () => {
      const project = newProject();
      const values = [5, "5", true, [5], ["5"]];
      const { load, rows } = use();
      await load([
        ...message(project, ...values.map((who) => ({ who }))),
        ...[5, true, ["5"]].map((who) => storedEvent({ project, collection: "clicks", properties: { who } })),
      ]);
      const found = await rows(project, { filter: did("clicks"), groupBy: ["who"] });
      expect(found.map(({ group }) => group[0])).toEqual([true, 5, ["5"]]);
    });

    test("its own filters hold for what was done, those beside it for what is counted", async () => {
      const project = newProject();
      const { load, count } = use();
      const bought = (who: string, price: number) => at(project, who, "clicks", { properties: { who, price } });
      await load([
        ...["ann", "bob"].map((who) => at(project, who, "visits", { context: { page_path: `/${who}` } })),
        bought("ann", 5),
        bought("bob", 50),
      ]);
      const dear = did("clicks", { kind: "compare", field: "price", op: "gt", value: 10 });
      expect(await count(project, dear)).toBe(1);
      expect(await count(project, { kind: "all", of: [dear, eq("$page.path", "/ann")] })).toBe(0);
      expect(await count(project, { kind: "any", of: [dear, eq("$page.path", "/ann")] })).toBe(2);
    });

    test("is looked for in the time of the question, by the same instant", async () => {
      const project = newProject();
      const { load, rows } = use();
      const later = { timestamp: NOON + 5_000 };
      const begun = { context: { visit_start: NOON } };
      const muchLater = { timestamp: Date.UTC(2026, 8, 10), ...begun };
      // Clocks are corrected: what began a visit may come out later than what was done in it.
      const before = { timestamp: NOON - 1, ...begun };
      await load([
        at(project, "cid", "visits", muchLater),
        at(project, "cid", "clicks", muchLater),
        at(project, "dan", "visits", before),
        at(project, "dan", "clicks", before),
        at(project, "ann", "visits", begun),
        at(project, "ann", "clicks", { ...later, ...begun }),
        at(project, "bob", "visits", { ...later, ...begun }),
        at(project, "bob", "clicks", later),
      ]);
      const counted = async (end: number, time: "timestamp" | "visit_start") => {
        const timeframe = { kind: "absolute", start: NOON, end: NOON + end } as const;
        return (await rows(project, { filter: did("clicks"), timeframe, time }))[0]?.values[0];
      };
      expect(await counted(5_000, "timestamp")).toBe(0);
      expect(await counted(5_001, "timestamp")).toBe(2);
      expect(await counted(1, "visit_start")).toBe(3);
    });

    test("holds in measures, groups, extractions, funnels, retention and paths", async () => {
      const project = newProject();
      const { store, load, rows } = use();
      const visit = (who: string, i: number) =>
        at(project, who, "visits", { timestamp: NOON + i, context: { visit_id: who, page_path: `/${i}` } });
      await load([visit("ann", 0), visit("ann", 1), visit("bob", 2), at(project, "ann", "clicks")]);
      const filter = did("clicks");
      const timeframe = { kind: "absolute", start: NOON, end: NOON + 10 } as const;

      const measures = [filter, not(filter)].map((own, i) => ({
        label: `m${i}`,
        measure: { kind: "count_unique", field: "who" } as const,
        filter: own,
      }));
      expect((await rows(project, { measures }))[0]?.values).toEqual([1, 1]);
      expect(await rows(project, { filter, groupBy: ["who"] })).toEqual([{ bucket: 0, group: ["ann"], values: [2] }]);
      const { events } = await store.extract(extractionPlan(project, { filter: not(filter) }));
      expect(events.map(({ properties }) => properties)).toEqual([{ who: "bob" }]);
      expect((await store.funnel(funnelPlan(project, [{}, { filter }]))).counts).toEqual([2, 1]);
      const retention = await store.retention(retentionPlan(project, { timeframe, first: { filter } }));
      expect(retention.cohorts).toEqual([{ size: 1, returned: [1] }]);
      const paths = await store.paths(pathsPlan(project, { filter, depth: 1 }));
      expect(paths.links.map(({ to }) => to)).toEqual([{ value: "/1" }]);
    });

    test("sees no other project, nothing that the key may not see, and only whom the bots mode counts", async () => {
      const [mine, theirs] = [newProject(), newProject()];
      const { store, load } = use();
      const clicked = (project: string, who: string, shop: string, context = {}) =>
        at(project, who, "clicks", { properties: { who, shop }, context });
      await load([
        ...["ann", "bob", "cid", "dan"].map((who) => at(mine, who, "visits", { properties: { who, shop: "a" } })),
        clicked(mine, "ann", "a"),
        clicked(mine, "bob", "b"),
        clicked(theirs, "cid", "a"),
        clicked(mine, "dan", "a", { bot_is: true }),
      ]);
      const query: MetricQuery = {
        kind: "metric",
        collections: ["visits"],
        zone: UTC,
        filter: did("clicks"),
        bots: "exclude",
        measures: [
          { label: "in all", measure: { kind: "select_unique", field: "who" } },
          { label: "in one", measure: { kind: "count" }, filter: did("clicks", eq("shop", "b")) },
        ],
        single: false,
        groupBy: [],
        orderBy: [],
        zeroFill: true,
      };
      const seen = async (filter: Filter<string>, bots: "include" | "exclude" = "exclude") => {
        const scoped = scopeQuery({ ...query, bots }, { project: mine, filter });
        return (await store.metric(planMetric(scoped, { now: NOON, properties: TYPED }))).rows[0]?.values;
      };
      expect(await seen(EVERYTHING)).toEqual([["ann", "bob"], 1]);
      expect(await seen(eq("shop", "a"))).toEqual([["ann"], 0]);
      expect(await seen(EVERYTHING, "include")).toEqual([["ann", "bob", "dan"], 1]);
    });
  });
}
