import { createCatalogue, createSqliteRegistry } from "@millrace/access";
import { fakeClock, HOUR } from "@millrace/access/testing";
import { CERTAINTY, hourOf, monthOf, type StoredExecution } from "@millrace/core";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { expect, onTestFinished, test } from "vitest";
import { measureCost, measureNames } from "../src/health/measures.ts";
import { nextStates, type CheckState, type Measured } from "../src/health/evaluate.ts";
import { createRounds } from "../src/health/rounds.ts";
import { readShape } from "../src/cost/shape.ts";
import { createLedger } from "../src/ledger/ledger.ts";

const DAY = 24 * HOUR;

/** Looks again and again, and tells how one check is. */
function watched() {
  let states: CheckState[] = [];
  return (measured: Measured, now: number) => {
    states = nextStates(states, measured, now);
    const [state] = states;
    return [state?.severity, state?.detail];
  };
}

test("names: a project that uses up its own is a warning, then critical, and well again when a month has made room", async () => {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const catalogue = createCatalogue({ registry, clock, quota: 10 });
  const admit = async (project: string, from: number, to: number) => {
    const month = monthOf(clock.now());
    const sightings = Array.from({ length: to - from }, (_, i) => ({
      path: `name${from + i}`,
      kind: "string" as const,
      collection: "clicks",
    }));
    await catalogue.admit(project, sightings, { identity: month, timestamp: month });
  };
  const turn = watched();
  const rounds = createRounds({ registry, clock });
  const look = async () => turn(await measureNames(rounds, catalogue, [{ id: "small" }, { id: "wide" }]), clock.now());
  await admit("small", 0, 2);
  await admit("wide", 0, 7);
  expect(await look()).toEqual(["ok", "wide: 70.0 %, small: 20.0 %"]);
  await admit("wide", 7, 9);
  expect(await look()).toEqual(["warn", "wide: 90.0 %, small: 20.0 %"]);
  await admit("wide", 9, 30);
  expect(await look()).toEqual(["critical", "wide: 100.0 %, small: 20.0 %"]);
  clock.advance(62 * DAY);
  await admit("wide", 0, 3);
  clock.advance(2 * 60_000);
  expect((await look())[0]).toBe("ok");
});

test("cost: traffic beyond the plan is a warning, far beyond it critical, and the next month begins well", async () => {
  const clock = fakeClock();
  const start = Date.UTC(2026, 10, 1);
  const executions = await createDuckDbExecutions({ path: ":memory:" });
  onTestFinished(() => executions.close());
  const accepted: { hour: number; count: number }[] = [];
  const within = <Row extends { hour: number }>(rows: readonly Row[], from: number, to: number) =>
    rows.filter(({ hour }) => hour >= from && hour < to);
  const ledger = createLedger({
    outcomes: async () => [],
    accepted: async (_project, from, to) => within(accepted, from, to),
    dead: async () => [],
    refused: async () => [],
  });
  const projects = async () => [{ id: "p", name: "Shop", createdAt: start }];
  /** So many requests of one event, in the hour before. */
  const record = async (requests: number) => {
    accepted.push({ hour: hourOf(clock.now() - HOUR), count: requests });
    await executions.put([{ ...RUN, id: `run-${clock.now()}`, startedAt: clock.now() - HOUR, weight: requests }]);
  };
  const turn = watched();
  const look = async () =>
    turn(await measureCost({ executions, ledger, projects, clock }, readShape(), 100), clock.now());

  clock.set(start + 2 * HOUR);
  await record(5e6);
  expect(await look()).toEqual(["ok", "counted for less than a day"]);
  clock.set(start + 15 * DAY);
  expect((await look())[0]).toBe("ok");
  await record(5e6);
  expect(await look()).toEqual(["warn", expect.stringMatching(/^\$\d+\.\d\d of \$100, the most for Shop$/)]);
  await record(40e6);
  expect((await look())[0]).toBe("critical");
  clock.set(Date.UTC(2026, 11, 3));
  expect((await look())[0]).toBe("ok");
});

const RUN: StoredExecution = {
  id: "run",
  function: "ingest",
  startedAt: 0,
  durationMs: 20,
  status: "ok",
  cold: false,
  trigger: "http",
  memory: null,
  fingerprint: null,
  error: null,
  labels: [],
  weight: 1,
  certainty: CERTAINTY.final,
  line: "{}",
};
