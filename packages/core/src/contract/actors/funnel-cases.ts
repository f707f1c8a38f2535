import { describe, expect, test } from "vitest";
import { LIMITS_QUERY } from "../../query/limits.ts";
import type { FunnelResult } from "../../query/funnel/result.ts";
import type { Value } from "../../values/value.ts";
import { compareValues } from "../../values/value.ts";
import { message, newProject, NOON, storedEvent, funnelPlan, type StepInput } from "../fixtures.ts";
import type { Subject } from "../subject.ts";

const did = (value: string): StepInput => ({ filter: { kind: "eq", field: "did", value } });

export function funnelCases(use: () => Subject): void {
  const ask = (project: string, ...steps: StepInput[]): Promise<FunnelResult> =>
    use().store.funnel(funnelPlan(project, steps));
  const counts = async (project: string, ...steps: StepInput[]) => [...(await ask(project, ...steps)).counts];

  /** Ann did all of three things, Bob two, Cid one. */
  const loadThree = async (): Promise<string> => {
    const project = newProject();
    const acts: [who: string, did: string][] = [
      ["ann", "a"],
      ["ann", "b"],
      ["ann", "c"],
      ["bob", "a"],
      ["bob", "b"],
      ["cid", "a"],
    ];
    await use().load(message(project, ...acts.map(([who, what]) => ({ who, did: what }))));
    return project;
  };

  describe("funnels", () => {
    test("each step counts whom the steps before it have left", async () => {
      const project = await loadThree();
      expect(await counts(project, did("a"), did("b"), did("c"))).toEqual([3, 2, 1]);
      expect(await counts(project, did("c"), did("b"), did("a"))).toEqual([1, 1, 1]);
      expect(await counts(project, did("never"), did("a"))).toEqual([0, 0]);
    });

    test("an inverted step keeps who did not do it; an optional one counts and restricts nobody behind it", async () => {
      const project = await loadThree();
      expect(await counts(project, did("a"), { ...did("b"), inverted: true })).toEqual([3, 1]);
      expect(await counts(project, did("a"), { ...did("c"), optional: true }, did("b"))).toEqual([3, 1, 2]);
      const neither = { ...did("b"), inverted: true, optional: true };
      expect(await counts(project, did("a"), neither, did("c"))).toEqual([3, 1, 1]);
    });

    test("actors are listed of the steps that ask for them, and of no other", async () => {
      const project = await loadThree();
      const { counts: found, actors } = await ask(project, did("a"), { ...did("b"), withActors: true }, did("c"));
      expect(found).toEqual([3, 2, 1]);
      expect(actors.map((list) => list?.toSorted(compareValues) ?? null)).toEqual([null, ["ann", "bob"], null]);
    });

    test("actors are equal by type and value, whatever the property is called; null and missing are nobody", async () => {
      const project = newProject();
      await use().load(
        message(
          project,
          { who: 5, did: "a" },
          { who: "5", did: "a" },
          { who: null, did: "a" },
          { did: "a" },
          { who: [5], did: "a" },
          { id: "5", did: "b" },
          { id: [5], did: "b" },
        ),
      );
      const all = await ask(project, { ...did("a"), withActors: true }, { ...did("b"), actor: "id", withActors: true });
      expect(all.counts).toEqual([3, 2]);
      expect(all.actors.map((list) => list?.toSorted(compareValues))).toEqual([
        [5, "5", [5]] satisfies Value[],
        ["5", [5]] satisfies Value[],
      ]);
      const context = { visitor: "5" };
      await use().load([storedEvent({ project, context, properties: { did: "c" } })]);
      expect(await counts(project, did("a"), { ...did("c"), actor: "$visitor" })).toEqual([3, 1]);
    });

    test("each step has its own collections, time and bots", async () => {
      const project = newProject();
      const at = (offset: number, collection: string, context = {}) =>
        storedEvent({ project, collection, timestamp: NOON + offset, context, properties: { who: "ann" } });
      await use().load([at(0, "visits"), at(1_000, "clicks"), at(2_000, "visits", { bot_is: true })]);
      const within = (start: number, end: number): StepInput => ({
        timeframe: { kind: "absolute", start: NOON + start, end: NOON + end },
      });
      expect(await counts(project, within(0, 1), { collections: ["clicks"] })).toEqual([1, 1]);
      expect(await counts(project, within(0, 1), { collections: ["clicks"], ...within(0, 1_000) })).toEqual([1, 0]);
      expect(await counts(project, {}, { ...within(1, 9_000), bots: "exclude" })).toEqual([1, 0]);
      expect(await counts(project, {}, { ...within(1, 9_000), bots: "only" })).toEqual([1, 1]);
    });

    test("as many steps as may be asked are answered", async () => {
      const project = await loadThree();
      const steps = Array.from({ length: LIMITS_QUERY.funnelSteps }, () => ({ ...did("a"), withActors: true }));
      expect(await counts(project, ...steps)).toEqual(steps.map(() => 3));
    });
  });
}
