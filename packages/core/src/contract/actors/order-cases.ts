import { describe, expect, test } from "vitest";
import { compareValues } from "../../values/value.ts";
import { orderedFunnelPlan, newProject, NOON, storedEvent } from "../fixtures.ts";
import type { Subject } from "../subject.ts";

const MINUTE = 60_000;
const did = (value: string) => ({ filter: { kind: "eq", field: "did", value } }) as const;
const STEPS = [did("view"), did("cart"), did("buy")];

export function orderCases(use: () => Subject): void {
  /** Events of `who`, at minutes after noon. */
  const load = async (...acts: [who: string, what: string, minute: number, from?: string][]): Promise<string> => {
    const project = newProject();
    await use().load(
      acts.map(([who, what, minute, from]) =>
        storedEvent({
          project,
          timestamp: NOON + minute * MINUTE,
          properties: { who, did: what, ...(from !== undefined && { from }) },
        }),
      ),
    );
    return project;
  };
  const ask = (project: string, rest: { windowMs?: number; breakdown?: string } = {}) =>
    use().store.orderedFunnel(orderedFunnelPlan(project, { steps: STEPS, ...rest }));

  describe("funnels in order", () => {
    test("hundreds who missed a step come to none after it", async () => {
      const acts = Array.from({ length: 300 }, (_, i) => {
        const who = `actor ${i}`;
        const middle = i % 30 === 0 ? [[who, "cart", 1] as const] : [];
        const views = Array.from({ length: 6 }, (_, n) => [who, "view", -n * ((i % 11) + 1)] as const);
        return [...views, ...middle, [who, "buy", 2 + (i % 7)] as const];
      });
      const { total } = await ask(
        await load(...acts.flat().map(([who, what, minute]): [string, string, number] => [who, what, minute])),
      );
      expect(total.counts).toEqual([300, 10, 10]);
    });

    test("a step counts where it comes after the one before it, not at the same millisecond", async () => {
      const project = await load(
        ["ann", "view", 0],
        ["ann", "cart", 5],
        ["ann", "buy", 6],
        ["bob", "cart", 0],
        ["bob", "view", 1],
        ["cid", "view", 2],
        ["cid", "cart", 2],
      );
      const { total } = await ask(project);
      expect(total.counts).toEqual([3, 1, 1]);
      expect(total.times).toEqual([
        null,
        { sum: 5 * MINUTE, median: 5 * MINUTE, p90: 5 * MINUTE },
        { sum: MINUTE, median: MINUTE, p90: MINUTE },
      ]);
    });

    test("the window reaches from the first step to the last, its last millisecond included", async () => {
      const project = await load(["ann", "view", 0], ["ann", "cart", 5], ["ann", "buy", 10]);
      expect((await ask(project, { windowMs: 10 * MINUTE })).total.counts).toEqual([1, 1, 1]);
      expect((await ask(project, { windowMs: 10 * MINUTE - 1 })).total.counts).toEqual([1, 1, 0]);
    });

    test("the attempt that gets furthest counts, with the property of its first step; of several the earliest", async () => {
      const project = await load(
        ["ann", "view", 0, "ads"],
        ["ann", "view", 60, "mail"],
        ["ann", "view", 61, "feed"],
        ["ann", "cart", 65],
        ["ann", "buy", 66],
        ["bob", "view", 0],
      );
      const { groups, total } = await ask(project, { windowMs: 10 * MINUTE, breakdown: "from" });
      expect(total.counts).toEqual([2, 1, 1]);
      const sorted = groups.toSorted((x, y) => compareValues(x.value, y.value));
      expect(sorted.map(({ value, counts, times }) => [value, counts, times[1]?.sum])).toEqual([
        [null, [1, 0, 0], undefined],
        ["mail", [1, 1, 1], 5 * MINUTE],
      ]);
    });

    test("nobody is nobody, in every number", async () => {
      expect(await ask(newProject())).toEqual({ total: { counts: [0, 0, 0], times: [null, null, null] }, groups: [] });
      const none = await ask(newProject(), { breakdown: "from" });
      expect(none).toEqual({ total: { counts: [0, 0, 0], times: [null, null, null] }, groups: [] });
    });
  });
}
