import { CHECKS, slackMessage } from "@millrace/ops";
import { expect, test } from "vitest";
import { noticesOf } from "./message.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const alarm = {
  AlarmName: "millrace-production-dead-letters",
  AlarmDescription: "Messages gave up <here> & there.",
  NewStateValue: "ALARM",
  NewStateReason: "Threshold Crossed: 1 > 0",
  StateChangeTime: "2026-11-23T11:59:00.000+0000",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:millrace-production-dead-letters",
};
const record = (Message: string, Subject: string | null = null) => ({ Sns: { Subject, Message } });
const noticed = (change: object) => noticesOf({ Records: [record(JSON.stringify(change))] }, NOON)[0];

test("an alarm says what, why and where, and what its check says to do next", () => {
  expect(noticed(alarm)).toEqual({
    title: alarm.AlarmName,
    severity: "critical",
    at: NOON - 60_000,
    facts: "Threshold Crossed: 1 > 0",
    why: CHECKS.DeadLetters.why,
    todo: CHECKS.DeadLetters.todo,
    command: CHECKS.DeadLetters.command,
    lastedMs: undefined,
    link: expect.stringContaining("us-east-1.console.aws.amazon.com"),
  });
});

test.each([
  ["millrace-production-store-disk", CHECKS.StoreDisk.todo],
  ["millrace-production-collector-errors", CHECKS.FunctionErrors.todo],
  ["millrace-anna-upkeep-slow", CHECKS.FunctionSlow.todo],
  ["millrace-production-api-errors", CHECKS.ApiErrors.todo],
  ["somebody-elses", ""],
])("%s is explained by its check", (AlarmName, todo) => expect(noticed({ ...alarm, AlarmName })?.todo).toBe(todo));

test("good again, and no data", () => {
  expect(noticed({ ...alarm, NewStateValue: "OK" })?.severity).toBe("ok");
  expect(noticed({ ...alarm, NewStateValue: "INSUFFICIENT_DATA" })?.severity).toBe("warn");
});

test.each([null, 1, "[]", '{"AlarmName":1}', "You <spent> it"])(
  "a message that is no alarm (%j) is shown, not lost",
  (value) => {
    const notices = noticesOf({ Records: [record(String(value), "Budget")] }, NOON);
    expect(notices).toMatchObject([{ title: "Budget", why: String(value), at: NOON }]);
    expect(JSON.stringify(slackMessage(notices, "here"))).toContain("*Budget*");
  },
);
