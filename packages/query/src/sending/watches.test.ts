import { createSmtpMailer } from "@millrace/ops/mail/smtp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startMailReceiver, type MailReceiver } from "../../../ops/test/mail-receiver.ts";
import { startSlackReceiver, type SlackReceiver } from "../../../ops/test/slack-receiver.ts";
import { createTestApp, type TestApp } from "../../test/setup.ts";

const FROM = { address: "reports@example.com", name: "Usage" };
const NOWHERE = "smtp://127.0.0.1:1";

let app: TestApp;
let mails: MailReceiver;
let slack: SlackReceiver;
beforeEach(async () => {
  app = await createTestApp();
  [mails, slack] = await Promise.all([startMailReceiver(), startSlackReceiver()]);
});
afterEach(async () => {
  slack.close();
  await mails.close();
  await app.close();
});

/** A round at a time of Wednesday, 10 March 2021, UTC. */
async function at(time: string, url = mails.url) {
  app.clock.set(Date.parse(`2021-03-10T${time}:00Z`));
  return app.sendDue({ mailer: createSmtpMailer({ url, from: FROM }), post: { allowPrivate: true } });
}

const signups = (count: number, when: string) =>
  app.record(...Array.from({ length: count }, () => ({ collection: "signups", at: when })));

const QUERY = { analysis_type: "count", event_collection: "signups" };
const put = (body: object) =>
  app.send("PUT", "/watches/signups", { body: { query: QUERY, to: [{ slack: slack.url }], ...body } });
const shown = async () => (await app.send<Record<string, unknown>>("GET", "/watches/signups")).body;

test("half of the same hour last week: told when it becomes so and when it is over, not in between", async () => {
  await signups(10, "2021-03-03T12:30:00Z");
  await signups(10, "2021-03-03T13:30:00Z");
  await signups(10, "2021-03-03T14:30:00Z");
  await signups(5, "2021-03-10T12:30:00Z");
  await signups(4, "2021-03-10T13:30:00Z");
  const { status } = await put({ alert: { below_percent: 50, of: "previous_week" }, severity: "critical" });
  expect(status).toBe(201);
  await at("13:05");
  expect(slack.messages).toEqual([]);
  expect(await shown()).toMatchObject({ state: { severity: "ok", value: 5 }, next_at: "2021-03-10T14:05:00.000Z" });
  // The running hour has none yet, and is nobody's business until it is over and settled.
  await at("14:04");
  expect(slack.messages).toEqual([]);
  await at("14:05");
  expect(slack.messages).toHaveLength(1);
  const [told = ""] = slack.messages;
  expect(told).toContain("Shop: Watch signups is critical");
  expect(told).toContain(
    "4 in the hour from 2021-03-10 13:00 UTC, 10 the week before; the limit is below 50 % of that",
  );
  expect(told).toContain("<!date^1615381200^");
  expect(told).toContain("https://stats.example/?project=");
  expect(told).toContain("npm run ops -- executions --project");
  await at("14:15");
  await at("15:05");
  expect(slack.messages).toHaveLength(1);
  await signups(9, "2021-03-10T15:30:00Z");
  // Last week there was nothing at that hour: nothing can be said, and the state stays.
  await at("16:05");
  expect(slack.messages).toHaveLength(1);
  expect(await shown()).toMatchObject({ state: { severity: "critical", since: "2021-03-10T13:00:00.000Z" } });
  await signups(1, "2021-03-03T16:30:00Z");
  await signups(9, "2021-03-10T16:30:00Z");
  await at("17:05");
  expect(slack.messages).toHaveLength(2);
  expect(slack.messages[1]).toContain("Watch signups recovered");
  expect(slack.refusals).toEqual([]);
});

test("who could not be told of an alert is told when they can be, and of a recovery only if they knew", async () => {
  await signups(1, "2021-03-01T12:00:00Z");
  await put({ alert: { below: 1 }, to: [{ slack: slack.url }, { mail: "ada@example.com" }] });
  await at("13:05", NOWHERE);
  expect(slack.messages).toHaveLength(1);
  await at("13:15", NOWHERE);
  await at("13:25");
  await at("13:35");
  expect([slack.messages.length, mails.mails.length]).toEqual([1, 1]);
  expect(mails.mails[0]?.raw).toMatch(/^Subject: Shop: Watch signups is warning\r$/m);
  await signups(3, "2021-03-10T13:40:00Z");
  await at("14:05", NOWHERE);
  expect(slack.messages).toHaveLength(2);
  // Down again before the mail about the recovery got through: for who reads mail nothing changed.
  await at("15:05", NOWHERE);
  await at("15:15");
  expect([slack.messages.length, mails.mails.length]).toEqual([3, 1]);
});

test("a saved query is watched as it is now; one that has become of many numbers, or is gone, fails where it is seen", async () => {
  const save = (query: object) => app.send("PUT", "/queries/saved/mine", { body: { query } });
  await save({ ...QUERY, timeframe: "this_30_days" });
  await signups(7, "2021-03-10T12:30:00Z");
  await put({ query: undefined, saved_query_name: "mine", alert: { above: 5 } });
  await at("13:05");
  expect(await shown()).toMatchObject({ state: { severity: "warn", value: 7 } });
  await save({ ...QUERY, timeframe: "this_30_days", group_by: "plan" });
  expect(await at("14:05")).toMatchObject({ failed: 1 });
  expect(await shown()).toMatchObject({
    state: { severity: "warn" },
    last_run: { ok: false, message: expect.stringContaining("one number") },
  });
  await app.send("DELETE", "/queries/saved/mine");
  await at("15:05");
  expect(await shown()).toMatchObject({ last_run: { message: 'The saved query "mine" is gone.' } });
  expect(slack.messages).toHaveLength(1);
});

test("a day is told with its number and the limit, which is not yet too much; a question without a number says nothing", async () => {
  await signups(5, "2021-03-08T12:00:00Z");
  await put({ alert: { above: 5 }, every: "daily", timezone: "Europe/Berlin", severity: "critical" });
  // In Berlin the 9th is over at 23:00 UTC, and settled five minutes later.
  app.clock.set(Date.parse("2021-03-09T23:04:00Z"));
  await at("23:04");
  expect(slack.messages).toEqual([]);
  await signups(6, "2021-03-10T12:00:00Z");
  app.clock.set(Date.parse("2021-03-10T23:05:00Z"));
  await at("23:05");
  expect(slack.messages).toHaveLength(1);
  const [told = ""] = slack.messages;
  expect(told).toContain("6 in the day from 2021-03-09 23:00 UTC; the limit is above 5");
  expect(told).toContain("The watch signups of the project Shop compares one number each day.");
  expect(told).toContain(`--project ${app.shop.id} --failed --from 2021-03-09T23:00:00.000Z`);
  expect(await shown()).toMatchObject({
    every: "daily",
    next_at: "2021-03-11T23:05:00.000Z",
    timezone: "Europe/Berlin",
  });
  // The average of nothing is no number: the state stays as it was.
  await put({
    alert: { below: 5 },
    query: { analysis_type: "average", event_collection: "signups", target_property: "price" },
  });
  await at("23:59");
  expect(await shown()).toMatchObject({ state: { value: null }, last_run: { ok: true } });
});

test.each([
  ["previous_hour", "11:30", "hour", { above_percent: 100 }],
  ["previous_day", "2021-03-09T12:30", "day", { above_percent: 100 }],
  ["previous_week", "2021-03-03T12:30", "week", { above_percent: 100 }],
] as const)("more than in the %s is told with both numbers", async (of, when, named, alert) => {
  await signups(2, when.includes("T") ? `${when}:00Z` : `2021-03-10T${when}:00Z`);
  await signups(3, "2021-03-10T12:30:00Z");
  const { body } = await app.send("PUT", "/watches/signups", {
    body: { query: QUERY, to: [{ webhook: slack.url }], alert: { ...alert, of } },
  });
  expect(body).toMatchObject({
    alert: { above_percent: 100, of },
    to: [{ kind: "webhook", to: `${new URL(slack.url).origin}/…` }],
    paused: false,
    query: QUERY,
    severity: "warn",
    timezone: null,
    state: null,
    waiting_for: [],
  });
  await app.send("PUT", "/watches/signups", {
    body: { query: QUERY, to: [{ slack: slack.url }], alert: { ...alert, of } },
  });
  await at("13:05");
  expect(slack.messages[0]).toContain(
    `3 in the hour from 2021-03-10 12:00 UTC, 2 the ${named} before; the limit is above 100 % of that`,
  );
});

test.each([
  [{ alert: { below: 1, above: 2 } }, /alert/],
  [{ alert: { below_percent: 50 } }, /alert/],
  [{ alert: { below: 1 }, query: { ...QUERY, timeframe: "today" } }, /query.timeframe/],
  [{ alert: { below: 1 }, query: { ...QUERY, interval: "daily" } }, /one number.*interval/],
  [
    { alert: { below: 1 }, query: { analysis_type: "select_unique", event_collection: "a", target_property: "b" } },
    /one number/,
  ],
  [{ alert: { below: 1 }, query: { ...QUERY, event_colection: "a" } }, /event_colection/],
  [{ alert: { below: 1 }, saved_query_name: "mine" }, /either a query or a saved_query_name/],
  [{ alert: { below: 1 }, every: "weekly" }, /every/],
])("a watch of %j is refused by name", async (body, said) => {
  const { status, body: answer } = await put(body);
  expect([status, answer.message]).toEqual([400, expect.stringMatching(said)]);
});
