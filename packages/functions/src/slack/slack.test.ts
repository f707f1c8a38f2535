import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { slackText } from "./message.ts";
import { postToSlack, SlackUnavailable } from "./post.ts";

const alarm = {
  AlarmName: "millrace-production-dead-letters",
  AlarmDescription: "Messages gave up <here> & there.",
  NewStateValue: "ALARM",
  NewStateReason: "Threshold Crossed: 1 > 0",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:millrace-production-dead-letters",
};
const record = (Message: string, Subject: string | null = null) => ({ Sns: { Subject, Message } });

test("an alarm says what, why and where, with Slack's own characters made harmless", () => {
  const text = slackText({ Records: [record(JSON.stringify(alarm))] });
  expect(text).toContain("|millrace-production-dead-letters>: ALARM");
  expect(text).toContain("us-east-1.console.aws.amazon.com");
  expect(text).toContain("gave up &lt;here&gt; &amp; there");
  expect(text).not.toContain("<here>");
});

test("plain text (a budget) passes as it is; many notifications stay one message below Slack's limit", () => {
  expect(slackText({ Records: [record("You <spent> it", "Budget")] })).toBe("*Budget*\nYou &lt;spent&gt; it");
  const flood = slackText({ Records: Array.from({ length: 50 }, () => record("x".repeat(10_000))) });
  expect(flood.length).toBeLessThan(13_000);
  expect(flood).toContain("and 46 more");
});

test.each([null, 1, "[]", '{"AlarmName":1}'])("a message that is no alarm (%j) is shown, not lost", (value) => {
  expect(slackText({ Records: [record(String(value))] })).toContain(String(value));
});

async function slackThatAnswers(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/secret`;
}

test.each([400, 403, 404, 410])("%i is for good: not tried again", async (status) => {
  expect(await postToSlack(await slackThatAnswers(status), "text")).toEqual({ kind: "refused", status });
});

test.each([429, 500, 503])("%i may pass: SNS tries again", async (status) => {
  await expect(postToSlack(await slackThatAnswers(status), "text")).rejects.toThrow(SlackUnavailable);
});

test("an unreachable webhook is never named in the error", async () => {
  const error: unknown = await postToSlack("http://127.0.0.1:1/services/secret", "text").catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SlackUnavailable);
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain("secret");
});
