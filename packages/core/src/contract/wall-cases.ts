import { describe, expect, test } from "vitest";
import { EVERYTHING, type Filter } from "../query/filter.ts";
import {
  extractionPlan,
  funnelPlan,
  message,
  newProject,
  NOON,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  storedEvent,
} from "./fixtures.ts";
import type { Subject } from "./subject.ts";

export function wallCases(use: () => Subject): void {
  describe("walls between projects and collections", () => {
    test("a query sees its own project and nothing of another, whatever it asks", async () => {
      const { store, load, rows, count } = use();
      const [mine, theirs] = [newProject(), newProject()];
      await load([
        ...message(mine, { secret: "mine" }),
        ...message(theirs, { secret: "theirs" }, { secret: "theirs" }),
      ]);
      expect(await count(mine, EVERYTHING)).toBe(1);
      expect(await count(mine, { kind: "eq", field: "secret", value: "theirs" })).toBe(0);
      // An `any` of the caller's must not reach around the project.
      expect(await count(mine, { kind: "any", of: [EVERYTHING, { kind: "exists", field: "secret" }] })).toBe(1);
      expect(await rows(mine, { groupBy: ["secret"] })).toEqual([{ bucket: 0, group: ["mine"], values: [1] }]);
      expect((await store.extract(extractionPlan(mine))).events.map((e) => e.properties)).toEqual([{ secret: "mine" }]);
    });

    test("no step of a funnel sees another project, nor what the scope's filter hides", async () => {
      const { store, load } = use();
      const [mine, theirs] = [newProject(), newProject()];
      const acts = [
        { who: "ann", did: "a", of: "me" },
        { who: "ann", did: "b", of: "you" },
      ];
      await load([
        ...message(mine, ...acts),
        ...message(theirs, ...acts.map((act) => ({ ...act, did: "b", of: "me" }))),
      ]);
      const did = (value: string) => ({ filter: { kind: "eq", field: "did", value } }) as const;
      const steps = [did("a"), { ...did("b"), withActors: true }];
      const seen = async (filter?: Filter<string>) => {
        const { counts, actors } = await store.funnel(funnelPlan(mine, steps, { ...(filter && { filter }) }));
        return [counts, actors[1]];
      };
      expect(await seen()).toEqual([[1, 1], ["ann"]]);
      expect(await seen({ kind: "eq", field: "of", value: "me" })).toEqual([[1, 0], []]);
    });

    test("neither do funnels in order, retention and paths, in any of their sets of events", async () => {
      const { store, load } = use();
      const [mine, theirs] = [newProject(), newProject()];
      const acts = (project: string, of: string) =>
        ["a", "b"].map((did, i) =>
          storedEvent({
            project,
            timestamp: NOON + i * 1_000,
            context: { visit_id: "v", page_path: `/${did}` },
            properties: { who: "ann", did, of: did === "a" ? "me" : of },
          }),
        );
      await load([...acts(mine, "you"), ...acts(theirs, "me")]);
      const did = (value: string) => ({ filter: { kind: "eq", field: "did", value } }) as const;
      const timeframe = { kind: "absolute", start: NOON, end: NOON + 10_000 } as const;
      const seen = async (filter?: Filter<string>) => {
        const scope = filter ? { filter } : {};
        const funnel = await store.orderedFunnel(orderedFunnelPlan(mine, { steps: [did("a"), did("b")] }, scope));
        const retention = await store.retention(
          retentionPlan(mine, { timeframe, first: did("a"), returning: did("b") }, scope),
        );
        const paths = await store.paths(pathsPlan(mine, { depth: 1 }, scope));
        return [funnel.total.counts, retention.cohorts, paths.links.map(({ to }) => to)];
      };
      expect(await seen()).toEqual([[1, 1], [{ size: 1, returned: [1] }], [{ value: "/b" }]]);
      expect(await seen({ kind: "eq", field: "of", value: "me" })).toEqual([
        [1, 0],
        [{ size: 1, returned: [0] }],
        ["ended"],
      ]);
    });

    test("a project whose name is the beginning of another's sees only itself", async () => {
      const { load, count } = use();
      const project = newProject();
      await load([...message(project, {}), ...message(`${project}x`, {}, {})]);
      expect(await count(project, EVERYTHING)).toBe(1);
    });

    test("a project that was never written to has no events", async () => {
      expect(await use().count(newProject(), EVERYTHING)).toBe(0);
    });

    test("only the collections asked for are counted; several together are one question", async () => {
      const { load, rows } = use();
      const project = newProject();
      await load(["visits", "clicks", "clicks", "Visits"].map((collection) => storedEvent({ project, collection })));
      const counted = async (...collections: string[]) => (await rows(project, { collections }))[0]?.values[0];
      expect(await counted("visits")).toBe(1);
      expect(await counted("clicks", "visits")).toBe(3);
      expect(await counted("never")).toBe(0);
      expect(await rows(project, { collections: ["clicks", "visits", "Visits"], groupBy: ["$collection"] })).toEqual([
        { bucket: 0, group: ["Visits"], values: [1] },
        { bucket: 0, group: ["clicks"], values: [2] },
        { bucket: 0, group: ["visits"], values: [1] },
      ]);
    });

    test("bots are counted, left out or alone as asked; an event without a label is no bot", async () => {
      const { load, rows } = use();
      const project = newProject();
      await load([
        storedEvent({ project, context: { bot_is: true, bot_reasons: ["user-agent"] } }),
        storedEvent({ project, context: { bot_is: false } }),
        storedEvent({ project }),
      ]);
      const counted = async (bots: "include" | "exclude" | "only") => (await rows(project, { bots }))[0]?.values[0];
      expect(await counted("include")).toBe(3);
      expect(await counted("exclude")).toBe(2);
      expect(await counted("only")).toBe(1);
    });

    test("a timeframe includes its start and excludes its end", async () => {
      const { load, rows } = use();
      const project = newProject();
      await load([NOON - 1, NOON, NOON + 999, NOON + 1000].map((timestamp) => storedEvent({ project, timestamp })));
      const timeframe = { kind: "absolute", start: NOON, end: NOON + 1000 } as const;
      expect((await rows(project, { timeframe }))[0]?.values).toEqual([2]);
    });
  });
}
