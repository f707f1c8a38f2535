import { createSqliteRegistry } from "@millrace/access";
import { fakeClock, MINUTE, NOON } from "@millrace/access/testing";
import { nextStates, overall, type CheckState, type Measured } from "@millrace/ops";
import { expect, test } from "vitest";
import { healthOf, keepSeen, readSeen } from "./kept-states.ts";
import { metricsLine } from "./own-metrics.ts";

function setUp() {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  /** One run of the function. */
  const look = async (measured: Measured, alarms: readonly CheckState[] = []) => {
    const now = clock.now();
    const { own } = await readSeen(registry);
    await keepSeen(registry, { at: now, own: nextStates(own, measured, now), alarms });
  };
  return { clock, look, health: healthOf(registry, clock) };
}

const ofAlarm = (check: CheckState["check"], severity: CheckState["severity"]): CheckState => ({
  check,
  severity,
  value: null,
  since: NOON,
  looks: [],
  lookedAt: NOON,
  detail: "by its alarm",
});

test("a stage that never looked says nothing of itself; one that did says what it saw, in the table's order", async () => {
  const { look, health } = setUp();
  expect(await health()).toEqual([]);
  await look({ Names: { value: 0.5 }, DeadLetters: { value: 0 } }, [ofAlarm("StoreRed", "ok")]);
  expect((await health()).map(({ check, severity }) => `${check} ${severity}`)).toEqual([
    "DeadLetters ok",
    "Names ok",
    "LastLook ok",
    "StoreRed ok",
  ]);
});

test("of a measure and an alarm of the same check the worse holds; where both are well, the one with a number", async () => {
  const { look, health } = setUp();
  const lag = async () => (await health()).find(({ check }) => check === "Lag");
  await look({ Lag: { value: 3 } }, [ofAlarm("Lag", "ok")]);
  expect(await lag()).toMatchObject({ severity: "ok", value: 3 });
  await look({ Lag: { value: 3 } }, [ofAlarm("Lag", "critical")]);
  expect(await lag()).toMatchObject({ severity: "critical", detail: "by its alarm" });
  await look({ Lag: { value: 3 } }, [ofAlarm("Lag", "ok")]);
  expect(await lag()).toMatchObject({ severity: "ok", value: 3 });
});

test("a stage that no longer looks is not well for ever: its last look is a check, and turns back with the next", async () => {
  const { clock, look, health } = setUp();
  const after = async (minutes: number) => {
    clock.advance(minutes * MINUTE);
    return overall(await health());
  };
  await look({ DeadLetters: { value: 0 } });
  expect([await after(15), await after(1), await after(15)]).toEqual(["ok", "warn", "critical"]);
  await look({ DeadLetters: { value: 0 } });
  expect(await after(0)).toBe("ok");
});

test("what CloudWatch cannot measure is printed as metrics of the stage, also between two looks", async () => {
  const first = nextStates([], { Rejected: { value: 0.25 }, Names: { value: 0.5 }, Disk: { value: 0.5 } }, NOON);
  const line = metricsLine(nextStates(first, {}, NOON + 5 * MINUTE), "millrace-prod", NOON + 5 * MINUTE);
  expect(JSON.parse(line ?? "")).toEqual({
    _aws: {
      Timestamp: NOON + 5 * MINUTE,
      CloudWatchMetrics: [
        { Namespace: "Millrace", Dimensions: [["Stage"]], Metrics: [{ Name: "Rejected" }, { Name: "Names" }] },
      ],
    },
    Stage: "millrace-prod",
    Rejected: 0.25,
    Names: 0.5,
  });
  expect(metricsLine(nextStates([], { Disk: { value: 0.5 } }, NOON), "millrace-prod", NOON)).toBeUndefined();
});
