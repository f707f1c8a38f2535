import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createSmtpMailer } from "@millrace/ops/mail/smtp";
import { startMailReceiver, type MailReceiver } from "../../../ops/test/mail-receiver.ts";
import { startSlackReceiver, type SlackReceiver } from "../../../ops/test/slack-receiver.ts";
import { createTestApp, NOW, type TestApp, type TestEvent } from "../../test/setup.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = { address: "reports@example.com", name: "Usage" };
const POST = { allowPrivate: true };

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

const ways = (url = mails.url) => ({ mailer: createSmtpMailer({ url, from: FROM }), post: POST });
const run = (url?: string) => app.sendDue(ways(url));

/** A page view of the day before {@link NOW} (a Wednesday), or of one before that. */
function view(visitor: string, path = "/", { daysAgo = 1, source = "Search", country = "DE" } = {}): TestEvent {
  const at = new Date(NOW - daysAgo * DAY).toISOString();
  return {
    collection: "pageviews",
    at,
    context: {
      visitor,
      page_path: path,
      geo_country: country,
      visit_id: `${visitor}-${daysAgo}`,
      visit_page: 1,
      visit_start: Date.parse(at),
      visit_source: source,
    },
  };
}

const DAILY = { every: "daily", hour: 8 };
const put = (name: string, body: object) => app.send("PUT", `/reports/${name}`, { body: { ...DAILY, ...body } });

function decoded(raw: string): string {
  return raw
    .replaceAll(/=\r\n/g, "")
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (text) => Buffer.from(text.replaceAll("=", ""), "hex").toString());
}

test("a report tells whole days against those before, to each target in its form, once", async () => {
  await app.record(view("a", "/pricing"), view("b"), view("c", "/", { country: "FR" }), view("a", "/", { daysAgo: 2 }));
  // Of today: not over.
  await app.record(view("d", "/", { daysAgo: 0 }));
  const to = [{ mail: "Ada@Example.com" }, { slack: slack.url }];
  const { status, body } = await put("daily", { to });
  expect([status, body]).toMatchObject([201, { next_at: "2021-03-11T08:00:00.000Z", last_run: null }]);
  expect(JSON.stringify(body)).not.toContain("services/secret");
  expect(await run()).toMatchObject({ done: 0 });

  app.clock.set(Date.parse("2021-03-10T23:59:00Z"));
  await app.send("POST", "/reports/daily/send");
  expect(await run()).toEqual({ done: 1, failed: 0, late: 0, left: 0 });
  const [mail] = mails.mails;
  expect(mail?.to).toEqual(["ada@example.com"]);
  const text = decoded(mail?.raw ?? "");
  expect(text).toMatch(/^Subject: Shop: daily report, Tue,? 9 March 2021, 3 visitors\r$/m);
  expect(text).toContain("Visitors: 3 (+200%)");
  expect(text).toContain("Visits: 3 (+200%)\r\nPage views: 3 (+200%)");
  expect(text).toMatch(/Top pages \(visitors\)\r\n {2}2 {2}\/\r\n {2}1 {2}\/pricing/);
  expect(text).toMatch(/Sources \(visits\)\r\n {2}3 {2}Search/);
  expect(text).toMatch(/Countries \(visitors\)\r\n {2}2 {2}Germany\r\n {2}1 {2}France/);
  expect(text).toContain("https://stats.example/?project=");
  expect(text).toContain("&from=2021-03-09&to=2021-03-09");
  expect(slack.refusals).toEqual([]);
  expect(slack.messages).toHaveLength(1);
  expect(slack.messages[0]).toContain("*Visitors* 3  (+200%)");

  expect(await run()).toMatchObject({ done: 0 });
  app.clock.set(Date.parse("2021-03-11T08:05:00Z"));
  await Promise.all([run(), run(), run()]);
  expect([mails.mails.length, slack.messages.length]).toEqual([2, 2]);
  const { body: after } = await app.send("GET", "/reports/daily");
  expect(after).toMatchObject({ next_at: "2021-03-12T08:00:00.000Z", last_run: { ok: true, message: "" } });
});

test("by the clock of its zone, over the days on which clocks change; a server that was off sends the newest alone", async () => {
  app.clock.set(Date.parse("2021-03-27T12:00:00Z"));
  const { body } = await put("berlin", { timezone: "Europe/Berlin", to: [{ slack: slack.url }] });
  // Sunday the 28th has 23 hours there.
  expect(body).toMatchObject({ next_at: "2021-03-28T06:00:00.000Z" });
  app.clock.set(Date.parse("2021-04-02T07:00:00Z"));
  expect(await run()).toMatchObject({ done: 1, failed: 0 });
  expect(slack.messages).toHaveLength(1);
  expect(slack.messages[0]).toMatch(/1 April 2021/);
  expect((await app.send("GET", "/reports/berlin")).body).toMatchObject({ next_at: "2021-04-03T06:00:00.000Z" });
});

test("a weekly report is of seven days, on its weekday", async () => {
  await app.record(view("a", "/", { daysAgo: 3 }), view("b", "/", { daysAgo: 9 }), view("c", "/", { daysAgo: 9 }));
  const { body } = await put("weekly", { every: "weekly", weekday: "thursday", to: [{ webhook: slack.url }] });
  expect(body).toMatchObject({ next_at: "2021-03-11T08:00:00.000Z", weekday: "thursday" });
  app.clock.set(Date.parse("2021-03-11T08:00:00Z"));
  // The receiver is one of Slack's and refuses a stranger's JSON, which says what it got.
  expect(await run()).toMatchObject({ done: 1, failed: 1 });
  const { body: after } = await app.send("GET", "/reports/weekly");
  expect(after).toMatchObject({ last_run: { ok: false, message: expect.stringContaining("no_text") } });
  const { entries } = await app.access.audit.search({ project: app.shop.id, what: "report.fail" });
  expect(entries).toMatchObject([{ target: "weekly", who: { name: "upkeep" } }]);
});

test("while SMTP is down for an hour nothing is lost, and nothing is sent twice", async () => {
  await app.record(view("a"));
  await put("daily", { to: [{ slack: slack.url }, { mail: "ada@example.com" }] });
  app.clock.set(Date.parse("2021-03-11T08:00:00Z"));
  for (let round = 0; round < 6; round++) {
    await run("smtp://127.0.0.1:1");
    app.clock.advance(10 * 60_000);
  }
  expect((await app.send("GET", "/reports/daily")).body).toMatchObject({
    waiting_for: [expect.stringContaining("ada@example.com: The mail server did not take it")],
  });
  expect(await run("smtp://127.0.0.1:1")).toMatchObject({ late: 1, failed: 0 });
  app.clock.advance(10 * 60_000);
  expect(await run()).toMatchObject({ done: 1, failed: 0, late: 0 });
  await run();
  expect([mails.mails.length, slack.messages.length]).toEqual([1, 1]);
});

test("a Slack that asks to wait is asked again when it said, a webhook that is gone is not", async () => {
  await put("daily", { to: [{ slack: slack.url }] });
  app.clock.set(Date.parse("2021-03-11T08:00:00Z"));
  slack.answerNext(429, { "retry-after": "1800" });
  await run();
  expect((await app.send("GET", "/reports/daily")).body).toMatchObject({ next_at: "2021-03-11T08:30:00.000Z" });
  app.clock.set(Date.parse("2021-03-11T08:29:00Z"));
  expect(await run()).toMatchObject({ done: 0 });
  app.clock.set(Date.parse("2021-03-11T08:30:00Z"));
  expect(await run()).toMatchObject({ done: 1, failed: 0 });
  expect(slack.messages).toHaveLength(1);
  app.clock.set(Date.parse("2021-03-12T08:00:00Z"));
  slack.answerNext(410);
  expect(await run()).toMatchObject({ failed: 1 });
  expect((await app.send("GET", "/reports/daily")).body).toMatchObject({ next_at: "2021-03-13T08:00:00.000Z" });
});

test("a process that dies between a message and its note sends that one again, once", async () => {
  await put("daily", { to: [{ slack: slack.url }, { mail: "ada@example.com" }] });
  app.clock.set(Date.parse("2021-03-11T08:00:00Z"));
  const subject = { kind: "report", name: "daily" } as const;
  const dying = { ...app.sending.standings };
  /** Runs until the Slack message is out, and then nothing of it is written any more. */
  const dieAfterSlack = async () => {
    const before = slack.messages.length;
    const change = app.sending.standings.change.bind(app.sending.standings);
    Object.assign(app.sending.standings, {
      change: async (...args: Parameters<typeof change>) => {
        if (slack.messages.length > before) throw new Error("killed");
        return change(...args);
      },
      get: async () => undefined,
    });
    await run();
    Object.assign(app.sending.standings, dying);
  };
  await dieAfterSlack();
  expect(slack.messages).toHaveLength(1);
  // While its claim lasts, nobody takes it for dead.
  expect(await run()).toMatchObject({ done: 0 });
  app.clock.advance(21 * 60_000);
  await dieAfterSlack();
  app.clock.advance(21 * 60_000);
  expect(await run()).toMatchObject({ done: 1 });
  expect(slack.messages).toHaveLength(2);
  expect(mails.mails).toHaveLength(1);
  expect((await app.sending.standings.get(app.shop.id, subject))?.standing.lastRun).toMatchObject({ ok: true });
});

test("a report that could not be told for a day is given up, is seen, and the next one is sent", async () => {
  await put("daily", { to: [{ mail: "ada@example.com" }] });
  app.clock.set(Date.parse("2021-03-11T08:00:00Z"));
  await run("smtp://127.0.0.1:1");
  app.clock.set(Date.parse("2021-03-12T08:00:00Z"));
  expect(await run()).toMatchObject({ failed: 1 });
  expect(await run()).toMatchObject({ done: 1, failed: 0 });
  expect(mails.mails).toHaveLength(1);
});

test("a link in a mail: opening it changes nothing, its button ends this mailbox's part, and no link tells whether it was one", async () => {
  await put("daily", { to: [{ mail: "ada@example.com" }, { mail: "bob@example.com" }] });
  await app.send("POST", "/reports/daily/send");
  await run();
  const links = mails.mails.map(({ raw }) => /<(https:\/\/stats.example\S+)>/.exec(decoded(raw))?.[1] ?? "");
  const path = new URL(links[0] ?? "").pathname;
  const page = await app.app.request(path);
  expect([page.status, page.headers.get("content-security-policy")]).toMatchObject([
    200,
    expect.stringMatching(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/),
  ]);
  const to = async () =>
    (await app.send<{ to: { to: string }[] }>("GET", "/reports/daily")).body.to.map((each) => each.to);
  expect(await to()).toHaveLength(2);
  const press = async (where: string) => {
    const answer = await app.app.request(where, { method: "POST", body: "List-Unsubscribe=One-Click" });
    return [answer.status, await answer.text()] as const;
  };
  const first = await press(path);
  expect(await to()).toEqual(["bob@example.com"]);
  // Once more, one that was made up, one of another project, and no link at all.
  await put("daily", { to: [{ mail: "ada@example.com" }, { mail: "bob@example.com" }] });
  const other = await app.createProject("Other");
  for (const where of [
    path,
    `/3.0/unsubscribe/${app.shop.id}${"0".repeat(48)}`,
    path.replace(app.shop.id, other.id),
    "/3.0/unsubscribe/x",
  ])
    expect(await press(where)).toEqual(first);
  expect(await to()).toHaveLength(2);
  const { entries } = await app.access.audit.search({ project: app.shop.id, what: "report.unsubscribe" });
  expect(entries).toMatchObject([{ who: { kind: "mail", name: "ada@example.com" }, target: "daily" }]);
});

test.each([
  [{ to: [] }, /to/],
  [{ to: [{ mail: "ada" }] }, /to\[0\].mail must be one mail address/],
  [{ to: [{ mail: "a@example.com\r\nBcc: b@example.com" }] }, /to\[0\].mail/],
  [{ to: [{ slack: "ftp://example.com" }] }, /to/],
  [{ hour: 24, to: [{ mail: "a@example.com" }] }, /hour/],
  [{ timezone: "Mars/Base", to: [{ mail: "a@example.com" }] }, /timezone/],
  [{ evry: "daily", to: [{ mail: "a@example.com" }] }, /Did you mean "every"/],
])("a report of %j is refused by name", async (body, said) => {
  const { status, body: answer } = await put("wrong", body);
  expect([status, answer.message]).toEqual([400, expect.stringMatching(said)]);
});

test("of another project nobody finds, changes or ends a report", async () => {
  await put("daily", { to: [{ mail: "ada@example.com" }] });
  const other = await app.createProject("Other");
  const key = other.masterKey;
  const body = { ...DAILY, to: [{ mail: "eve@example.com" }] };
  expect((await app.send("PUT", "/reports/daily", { key, body })).status).toBe(401);
  for (const [method, path] of [
    ["GET", "/reports/daily"],
    ["DELETE", "/reports/daily"],
    ["POST", "/reports/daily/send"],
  ] as const) {
    expect((await app.send(method, path, { key })).status).toBe(401);
    expect((await app.send(method, path, { key, url: other.url })).status).toBe(404);
  }
  for (const lesser of [app.shop.readKey, app.shop.writeKey])
    expect((await app.send("GET", "/reports", { key: lesser })).status).toBe(401);
  expect((await app.send<unknown[]>("GET", "/reports")).body).toHaveLength(1);
});

test("without a way out for mail it is said when somebody asks for it", async () => {
  const possible = { mail: false, allowPrivate: false };
  const silent = await createTestApp(({ sending, ...deps }) => ({
    ...deps,
    ...(sending && { sending: { ...sending, possible } }),
  }));
  onTestFinished(() => silent.close());
  const said = async (to: object) =>
    (await silent.send("PUT", "/reports/a", { body: { ...DAILY, to: [to] } })).body.message;
  expect(await said({ mail: "ada@example.com" })).toMatch(/sends no mail/);
  expect(await said({ slack: "http://hooks.example/x" })).toMatch(/https:\/\//);
});

test("a paused report is sent to nobody, and is not late; it goes on to whom it was sent, whose address nobody has to know", async () => {
  const body = { ...DAILY, to: [{ slack: slack.url }] };
  const made = await app.send<{ to: { id: string }[] }>("PUT", "/reports/daily", { body });
  const id = made.body.to[0]?.id ?? "";
  await app.send("POST", "/reports/daily/send");
  await run();
  expect(slack.messages).toHaveLength(1);
  const to = [{ id }];
  const paused = await put("daily", { to, paused: true });
  expect(paused.body).toMatchObject({ paused: true, next_at: null, last_run: { ok: true } });
  app.clock.set(NOW + 9 * DAY);
  expect(await run()).toMatchObject({ done: 0, late: 0, left: 0 });
  expect((await app.send("POST", "/reports/daily/send")).body.message).toBe("The report is paused.");
  expect((await put("daily", { to })).body).toMatchObject({ paused: false, next_at: expect.any(String) as string });
  await app.send("POST", "/reports/daily/send");
  await run();
  expect(slack.messages).toHaveLength(2);
  expect((await put("daily", { to: [{ id: "0".repeat(16) }] })).body.message).toMatch(/^to\[0\]\.id/);
});

test("a report of a part of the project counts what passes its filters, and says so", async () => {
  await app.record(view("a"), view("b"), view("c", "/", { country: "FR" }));
  const filters = [{ property_name: "$geo.country", operator: "eq", property_value: "FR" }];
  const { body } = await put("france", { to: [{ mail: "ada@example.com" }], filters });
  expect(body).toMatchObject({ filters });
  await app.send("POST", "/reports/france/send");
  await run();
  const text = decoded(mails.mails[0]?.raw ?? "");
  expect(text).toMatch(/Daily report “france”, Tue,? 9 March 2021/);
  expect(text).toContain('Visitors</th><td class="number">1<');
  expect(text).toContain("It counts what passes its filters alone.");
  const wrong = [{ property_name: "plan", operator: "is", property_value: 1 }];
  expect((await put("wrong", { to: [{ mail: "a@example.com" }], filters: wrong })).body.message).toMatch(
    /^filters\[0\]/,
  );
});
