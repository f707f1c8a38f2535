import { createSqliteRegistry } from "@millrace/access";
import { balance, HOUR_MS, type LedgerHour } from "@millrace/core";
import { expect, test } from "vitest";
import { audit } from "./audit.ts";

const DAY = 24 * HOUR_MS;
const MIDNIGHT = Date.UTC(2026, 10, 10);

/** Accepted and stored events by project, in the hour at noon of the day before. */
function setUp(projects: Record<string, [accepted: number, stored: number]>) {
  let now = MIDNIGHT + 2 * HOUR_MS;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const settled: string[] = [];
  const asked: string[] = [];
  const hoursOf = (project: string, from: number, to: number): LedgerHour[] => {
    asked.push(`${project} ${(from - MIDNIGHT) / HOUR_MS}..${(to - MIDNIGHT) / HOUR_MS}`);
    const [accepted, stored] = projects[project] ?? [0, 0];
    const hour = MIDNIGHT - 12 * HOUR_MS;
    if (hour < from || hour >= to) return [];
    const outcomes = [{ hour, outcome: "stored" as const, reason: null, count: stored }];
    return balance({ accepted: [{ hour, count: accepted }], outcomes, dead: [], refused: [] });
  };
  const run = ({ settledUntil = now, time = 60_000 } = {}) =>
    audit(
      {
        registry,
        clock,
        ledger: { hours: async (project, from, to) => hoursOf(project, from, to) },
        projects: Object.keys(projects),
        settledUntil,
        settle: async (project, _hour, accepted) => void settled.push(`${project} ${accepted}`),
      },
      now + time,
    );
  return { run, projects, settled, asked, pass: (ms: number) => void (now += ms) };
}

test("hours that meet are settled with their sum; those that do not are differences until they do", async () => {
  const { run, projects, settled } = setUp({ a: [5, 5], b: [7, 6], c: [0, 0], d: [3, 4] });
  const hour = MIDNIGHT - 12 * HOUR_MS;
  const found = await run();
  expect(found).toEqual({
    day: MIDNIGHT - DAY,
    complete: true,
    differences: [
      { project: "b", hour, inFlight: 1 },
      { project: "d", hour, inFlight: -1 },
    ],
  });
  expect(settled).toEqual(["a 5"]);
  expect((await run()).differences).toHaveLength(2);
  projects["b"] = [7, 7];
  expect((await run()).differences).toEqual([{ project: "d", hour, inFlight: -1 }]);
  expect(settled).toEqual(["a 5", "b 7"]);
});

test("a day is looked at once, all of it, however many calls that takes; one that was missed is made up for", async () => {
  const projects = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, [1, 1] as [number, number]]));
  const { run, asked, pass } = setUp(projects);
  // No time at all: nothing is begun, nothing is skipped.
  expect(await run({ time: 0 })).toMatchObject({ complete: false });
  expect(await run()).toMatchObject({ complete: true });
  expect(asked).toHaveLength(40);
  await run();
  expect(asked).toHaveLength(40);
  pass(3 * DAY);
  for (let i = 0; i < 3; i++) expect(await run()).toMatchObject({ day: MIDNIGHT + i * DAY, complete: true });
  await run();
  expect(asked).toHaveLength(4 * 40);
  expect(asked.slice(-1)).toEqual(["p39 48..72"]);
});

test("a day of which something is still on its way is not judged", async () => {
  const { run, asked } = setUp({ a: [5, 3] });
  expect(await run({ settledUntil: MIDNIGHT - 1 })).toMatchObject({ complete: false, differences: [] });
  expect(asked).toEqual([]);
});
