import { NOON } from "@millrace/access/testing";
import { expect, test } from "vitest";
import { alarmStates } from "./alarm-states.ts";
import { readAlarms } from "./read-alarms.ts";

const alarm = (name: string, more: object = {}) => ({
  AlarmName: `millrace-prod-${name}`,
  StateValue: "OK",
  StateReason: "Unchecked",
  StateTransitionedTimestamp: NOON / 1000,
  Threshold: 0,
  ...more,
});
const red = (value: number) => ({
  StateValue: "ALARM",
  StateReason: "Threshold Crossed",
  StateReasonData: JSON.stringify({ version: "1.0", recentDatapoints: [0, value] }),
  StateTransitionedTimestamp: NOON / 1000 + 60,
});

async function statesOf(...alarms: object[]) {
  const read = await readAlarms(async () => ({ MetricAlarms: alarms }), "millrace-prod-");
  return alarmStates(read, "millrace-prod", NOON + 300_000);
}

test("alarms are read page by page, by the beginning of their names", async () => {
  const asked: object[] = [];
  const alarms = await readAlarms(async (operation, input) => {
    asked.push({ operation, ...input });
    return asked.length === 1
      ? { MetricAlarms: [alarm("lag")], NextToken: "more" }
      : { MetricAlarms: [alarm("names")] };
  }, "millrace-prod-");
  expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual(["millrace-prod-lag", "millrace-prod-names"]);
  expect(asked).toEqual([
    { operation: "DescribeAlarms", AlarmNamePrefix: "millrace-prod-", MaxRecords: 100 },
    { operation: "DescribeAlarms", AlarmNamePrefix: "millrace-prod-", MaxRecords: 100, NextToken: "more" },
  ]);
});

test("an alarm is its check, bad with its number and limit, and well again", async () => {
  const limit = { Threshold: 7_680 };
  expect(await statesOf(alarm("store-disk", { ...limit, ...red(512) }))).toMatchObject([
    {
      check: "StoreDisk",
      severity: "critical",
      value: 512,
      limit: 7_680,
      since: NOON + 60_000,
      detail: "Threshold Crossed",
    },
  ]);
  const [well] = await statesOf(alarm("store-disk", limit));
  expect(well).toMatchObject({ severity: "ok", value: null, since: NOON, limit: 7_680 });
  expect(well).not.toHaveProperty("detail");
});

test("the alarms of all functions are one check, which names those that are bad", async () => {
  const states = await statesOf(
    alarm("ingest-errors"),
    alarm("collector-errors", red(5)),
    alarm("query-errors", { ...red(2), StateTransitionedTimestamp: NOON / 1000 + 30 }),
    alarm("query-slow", { StateValue: "INSUFFICIENT_DATA" }),
  );
  expect(states).toMatchObject([
    {
      check: "FunctionErrors",
      severity: "critical",
      value: 5,
      since: NOON + 30_000,
      detail: "collector: Threshold Crossed; query: Threshold Crossed",
    },
    { check: "FunctionSlow", severity: "ok", value: null },
  ]);
});

test("those of another stage whose name only begins like this one's, and others' own alarms, are none of it", async () => {
  expect(await statesOf(alarm("eu-lag", red(900)), alarm("billing-errors", red(1)), alarm("too-expensive"))).toEqual(
    [],
  );
});
