import { createSqliteRegistry } from "@millrace/access";
import { expect, test } from "vitest";
import {
  changesOf,
  dueChecks,
  nextStates,
  overall,
  severityOf,
  type Change,
  type CheckState,
} from "../src/health/evaluate.ts";
import { createWatch } from "../src/health/watch.ts";
import { CHECKS } from "../src/health/checks.ts";

const MINUTE = 60_000;

test.each([
  ["Lag", 60, "ok"],
  ["Lag", 61, "warn"],
  ["Lag", 301, "critical"],
  ["DeadLetters", 0, "ok"],
  ["DeadLetters", 1, "critical"],
  ["Disk", 0.2, "ok"],
  ["Disk", 0.1, "warn"],
  ["Disk", 0.01, "critical"],
] as const)("%s of %d is %s", (check, value, severity) => expect(severityOf(CHECKS[check], value)).toBe(severity));

function lagOver(values: readonly number[]): CheckState[] {
  const lag: CheckState[] = [];
  let states: CheckState[] = [];
  for (const [minute, value] of values.entries()) {
    states = nextStates(states, { Lag: { value } }, minute * MINUTE);
    lag.push(...states);
  }
  return lag;
}

test("one bad minute wakes nobody; three of five do, and the state lasts until they are fewer", () => {
  const states = lagOver([0, 999, 0, 999, 999, 0, 0, 0]);
  expect(states.map(({ severity }) => severity)).toEqual(["ok", "ok", "ok", "ok", "critical", "critical", "ok", "ok"]);
  expect(states.map(({ since }) => since / MINUTE)).toEqual([0, 0, 0, 0, 4, 4, 6, 6]);
});

test("warnings count towards being bad, and critical ones towards warnings", () => {
  expect(lagOver([100, 999, 100]).at(-1)?.severity).toBe("warn");
  expect(lagOver([100, 999, 999, 999]).at(-1)?.severity).toBe("critical");
});

test("only changes are told: what is good from the start is none, each step of getting worse and better is one", () => {
  const at = (value: number, before: CheckState[] = [], now = 0) => nextStates(before, { Disk: { value } }, now);
  const good = at(0.5);
  const warned = at(0.1, good, 1);
  const bad = at(0.01, warned, 5);
  const well = at(0.5, bad, 9);
  expect(changesOf([], good)).toEqual([]);
  expect(changesOf(good, at(0.4, good, 1))).toEqual([]);
  expect(changesOf(good, warned)).toMatchObject([{ was: "ok", state: { severity: "warn" } }]);
  expect(changesOf(warned, bad)).toMatchObject([{ was: "warn", state: { severity: "critical" }, lastedMs: 4 }]);
  expect(changesOf(bad, well)).toMatchObject([{ was: "critical", state: { severity: "ok" }, lastedMs: 4 }]);
  expect([overall([]), overall(bad), overall([...well, ...warned])]).toEqual(["ok", "critical", "warn"]);
});

test("what is looked at rarely stays as it is until it is due; what cannot be measured is not shown", () => {
  const before = nextStates([], { Rejected: { value: 0.5 }, Disk: { value: 0.5 } }, 0);
  expect([5, 10].map((minutes) => dueChecks(before, minutes * MINUTE)("Rejected"))).toEqual([false, true]);
  expect(dueChecks(before, 0)("Disk")).toBe(true);
  const between = nextStates(before, {}, 5 * MINUTE);
  expect(between).toEqual(before.filter(({ check }) => check === "Rejected"));
  expect(nextStates(between, { Rejected: { value: 0 } }, 10 * MINUTE)).toMatchObject([
    { check: "Rejected", severity: "ok", since: 10 * MINUTE },
  ]);
  expect(nextStates(between, {}, 10 * MINUTE)).toEqual([]);
});

test("a restart says nothing again; what could not be told is told with the next round", async () => {
  const registry = createSqliteRegistry({ path: ":memory:" });
  const told: string[] = [];
  let disk = 0.01;
  let slackIsUp = true;
  const start = () =>
    createWatch({
      registry,
      clock: { now: () => 0 },
      measure: async () => ({ Disk: { value: disk } }),
      tell: async (changes: readonly Change[]) => {
        if (!slackIsUp) throw new Error("down");
        told.push(...changes.map(({ state }) => state.severity));
      },
    });
  const first = start();
  await first.round();
  await first.round();
  const second = start();
  await second.round();
  expect(told).toEqual(["critical"]);
  slackIsUp = false;
  disk = 0.5;
  await expect(second.round()).rejects.toThrow("down");
  slackIsUp = true;
  await second.round();
  await second.round();
  expect(told).toEqual(["critical", "ok"]);
});
