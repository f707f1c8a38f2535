import { describe, expect, test } from "vitest";
import { newProject, retentionPlan, storedEvent, type RetentionInput } from "../fixtures.ts";
import type { Subject } from "../subject.ts";

const at = (day: number, hour = 12) => Date.UTC(2026, 2, day, hour);
const DAYS = { kind: "absolute", start: at(9, 0), end: at(12, 0) } as const;
const did = (value: string) => ({ filter: { kind: "eq", field: "did", value } }) as const;

export function retentionCases(use: () => Subject): void {
  const load = async (...acts: [who: string, what: string, time: number][]): Promise<string> => {
    const project = newProject();
    await use().load(
      acts.map(([who, what, timestamp]) => storedEvent({ project, timestamp, properties: { who, did: what } })),
    );
    return project;
  };
  const ask = async (project: string, input: Partial<RetentionInput> = {}) => {
    const plan = retentionPlan(project, { timeframe: DAYS, first: did("join"), returning: did("view"), ...input });
    return (await use().store.retention(plan)).cohorts.map(({ size, returned }) => [size, ...returned]);
  };

  describe("retention", () => {
    test("a cohort is that of the first event; coming back is later, in the period it lies in", async () => {
      const project = await load(
        ["ann", "join", at(9)],
        ["ann", "join", at(10)],
        ["ann", "view", at(9, 13)],
        ["ann", "view", at(11)],
        ["bob", "join", at(9)],
        ["bob", "view", at(9, 11)],
        ["bob", "view", at(10)],
        ["cid", "join", at(11)],
        ["cid", "view", at(11)],
        ["dan", "view", at(10)],
        ["eve", "join", at(8)],
      );
      expect(await ask(project)).toEqual([
        [2, 1, 1, 1],
        [0, 0, 0],
        [1, 0],
      ]);
      expect(await ask(project, { unbounded: true })).toEqual([
        [2, 2, 2, 1],
        [0, 0, 0],
        [1, 0],
      ]);
    });

    test("days are those of the zone", async () => {
      const project = await load(["ann", "join", at(9, 23)], ["ann", "view", at(10, 22)]);
      expect(await ask(project)).toEqual([
        [1, 0, 1, 0],
        [0, 0, 0],
        [0, 0],
      ]);
      // In Berlin both are on the tenth, but the later one ends before the day does.
      const berlin = await ask(project, { zone: { kind: "named", name: "Europe/Berlin" } });
      expect(berlin.slice(0, 2)).toEqual([
        [0, 0, 0, 0, 0].slice(0, berlin[0]?.length),
        [1, 1, 0, 0].slice(0, berlin[1]?.length),
      ]);
    });

    test("weeks and months of many lengths", async () => {
      const year = { kind: "absolute", start: Date.UTC(2025, 0, 1), end: Date.UTC(2026, 0, 1) } as const;
      const project = await load(
        ["ann", "join", Date.UTC(2025, 0, 31)],
        ["ann", "view", Date.UTC(2025, 1, 28)],
        ["ann", "view", Date.UTC(2025, 11, 31)],
      );
      const months = await ask(project, { timeframe: year, period: "month" });
      expect(months[0]).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
      const weeks = await ask(project, { timeframe: year, period: "week" });
      expect(weeks.map(([size]) => size).reduce((sum = 0, size = 0) => sum + size)).toBe(1);
      expect(weeks.find(([size]) => size === 1)?.filter((count) => count === 1)).toHaveLength(3);
    });
  });
}
