import { expect, onTestFinished, test, vi } from "vitest";
import { CHECKS, type CheckName } from "../src/health/checks.ts";
import { createNotifier, NotTold, readChannels, type Channel, type ToldNotice } from "../src/notify/channels.ts";
import type { Mail, Mailer } from "../src/mail/mailer.ts";
import { postJson } from "../src/notify/post.ts";
import { isPublicAddress } from "../src/notify/public-address.ts";
import { noticeOf, slackMessage } from "../src/notify/slack-message.ts";
import { startSlackReceiver } from "./slack-receiver.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const LOCAL = { allowPrivate: true };

async function receiver() {
  const slack = await startSlackReceiver();
  onTestFinished(() => slack.close());
  return slack;
}

const notice = (check: CheckName, more: Partial<ToldNotice> = {}): ToldNotice => ({
  ...noticeOf(check, { severity: "critical", at: NOON }),
  was: "ok",
  ...more,
});

function notifier(channels: readonly Channel[], now = () => NOON, mailer?: Mailer) {
  const onRefused = vi.fn<(kind: Channel["kind"], reason: string) => void>();
  return {
    notify: createNotifier({
      channels,
      from: "shop/production",
      clock: { now },
      ways: { post: LOCAL, mailer },
      onRefused,
    }),
    onRefused,
  };
}
const slackChannel = (webhook: string, from: Channel["from"] = "warn"): Channel => ({ kind: "slack", webhook, from });

test("a message says what, since when, why, what to do next and its command; the worst comes first", () => {
  const { text, blocks } = slackMessage(
    [notice("Lag", { severity: "warn" }), notice("Store", { facts: "no answer <soon> & none" })],
    "shop/production",
  );
  expect(text).toBe("shop/production: Store is critical and 1 more");
  const all = JSON.stringify(blocks);
  expect(all.indexOf("*Store*")).toBeLessThan(all.indexOf("*Lag*"));
  expect(all).toContain(CHECKS.Store.why);
  expect(all).toContain(`*Next:* ${CHECKS.Store.todo}`);
  expect(all).toContain("`npm run ops");
  expect(all).toContain("&lt;soon&gt; &amp; none");
  expect(all).toContain(`<!date^${NOON / 1000}^`);
});

test("a recovery says so, and how long it lasted", () => {
  const { text, blocks } = slackMessage(
    [notice("Store", { severity: "ok", was: "critical", lastedMs: 12 * 60_000 })],
    "here",
  );
  expect(text).toBe("here: Store recovered");
  expect(JSON.stringify(blocks)).toContain("recovered after 12 min");
});

test("Slack takes whatever changed: every check, a flood of them, and hostile texts", async () => {
  const slack = await receiver();
  const names = Object.keys(CHECKS) as CheckName[];
  const flood = Array.from({ length: 200 }, () => names).flat();
  const hostile = {
    title: "<!channel> & `x`",
    facts: "<script>&".repeat(2_000),
    why: ">".repeat(9_000),
    todo: "&".repeat(9_000),
  };
  for (const notices of [
    names.map((name) => notice(name)),
    flood.map((name) => notice(name)),
    [notice("Lag", hostile)],
  ])
    expect(await postJson(slack.url, slackMessage(notices, "x".repeat(500)), LOCAL)).toEqual({ kind: "sent" });
  expect(slack.messages).toHaveLength(3);
  expect(slack.refusals).toEqual([]);
});

test("channels get what is bad enough for them, and the recovery of it; a plain webhook gets the notices themselves", async () => {
  const [all, critical, plain] = [await receiver(), await receiver(), await receiver()];
  const { notify } = notifier([slackChannel(all.url), slackChannel(critical.url, "critical")]);
  await notify([notice("Lag", { severity: "warn" })]);
  expect([all.messages.length, critical.messages.length]).toEqual([1, 0]);
  await notify([notice("Store")]);
  await notify([notice("Store", { severity: "ok", was: "critical" }), notice("Lag", { severity: "ok", was: "warn" })]);
  expect([all.messages.length, critical.messages.length]).toEqual([3, 2]);
  expect(critical.messages[1]).not.toContain("Lag");
  plain.answerNext(200);
  await notifier([{ kind: "json", webhook: plain.url, from: "warn" }]).notify([notice("Store")]);
});

test("Retry-After is heeded, and whoever was told is not told again because another channel failed", async () => {
  const [good, busy] = [await receiver(), await receiver()];
  let now = NOON;
  const { notify } = notifier([slackChannel(good.url), slackChannel(busy.url)], () => now);
  busy.answerNext(429, { "retry-after": "30" });
  await expect(notify([notice("Store")])).rejects.toThrow(NotTold);
  now += 10_000;
  await expect(notify([notice("Store")])).rejects.toThrow(/asked to wait/);
  now += 21_000;
  await notify([notice("Store")]);
  expect([good.messages.length, busy.messages.length]).toEqual([1, 1]);
});

test.each([400, 403, 404, 410])(
  "%i is for good: said once, never tried again, and the address is in no text",
  async (status) => {
    const slack = await receiver();
    const { notify, onRefused } = notifier([slackChannel(slack.url)]);
    slack.answerNext(status);
    await notify([notice("Store")]);
    await notify([notice("Lag")]);
    expect(slack.messages).toEqual([]);
    expect(onRefused.mock.calls).toEqual([["slack", `It answered ${status}.`]]);
  },
);

test.each([429, 500, 503])("%i may pass", async (status) => {
  const slack = await receiver();
  slack.answerNext(status);
  expect(await postJson(slack.url, {}, LOCAL)).toMatchObject({ kind: "unavailable" });
});

test("a webhook that cannot be reached is never named", async () => {
  const result = await postJson("http://127.0.0.1:2/services/secret", {}, LOCAL);
  expect(result).toMatchObject({ kind: "unavailable", reason: expect.stringContaining("ECONNREFUSED") });
  expect(JSON.stringify(result)).not.toContain("secret");
});

test.each([
  ["http, though it were public", "http://hooks.slack.com/x"],
  ["an address of this machine", "https://127.0.0.1/x"],
  ["the same in another spelling", "https://2130706433/x"],
  ["the same in IPv6", "https://[::1]/x"],
  ["IPv4 inside IPv6", "https://[::ffff:127.0.0.1]/x"],
  ["a cloud's metadata", "https://169.254.169.254/latest"],
  ["a name that leads inside", "https://localhost/x"],
  ["no address", "webhook"],
])("no webhook leads inside: %s", async (_name, webhook) => {
  expect(await postJson(webhook, {})).toMatchObject({ kind: "refused" });
});

test("redirects are not followed", async () => {
  const [slack, inside] = [await receiver(), await receiver()];
  slack.answerNext(302, { location: inside.url });
  expect(await postJson(slack.url, {}, LOCAL)).toMatchObject({ kind: "refused" });
  expect([...inside.messages, ...inside.refusals]).toEqual([]);
});

test.each([
  ["8.8.8.8", true],
  ["2606:4700::1111", true],
  ["10.1.2.3", false],
  ["172.31.255.255", false],
  ["100.64.0.1", false],
  ["fd00::1", false],
  ["fe80::1", false],
  ["::ffff:8.8.8.8", false],
  ["2002:7f00:1::", false],
  ["text", false],
])("%s is public: %j", (address, expected) => expect(isPublicAddress(address)).toBe(expected));

test("channels are read from one setting; what is wrong is named without its address", () => {
  expect(readChannels(undefined)).toEqual([]);
  expect(readChannels("https://a/x, critical:https://b/y,json:https://c/z,json+critical:http://d/")).toEqual([
    { kind: "slack", from: "warn", webhook: "https://a/x" },
    { kind: "slack", from: "critical", webhook: "https://b/y" },
    { kind: "json", from: "warn", webhook: "https://c/z" },
    { kind: "json", from: "critical", webhook: "http://d/" },
  ]);
  expect(() => readChannels("https://a/x,loud:https://b/secret")).toThrow(/Channel 2/);
  expect(() => readChannels("loud:https://b/secret")).not.toThrow(/secret/);
});

test("alerts by mail go to an address, in the words of Slack's message", async () => {
  const [channel, ...more] = readChannels("mail+critical:ops@example.com");
  expect([channel, more]).toEqual([{ kind: "mail", from: "critical", address: "ops@example.com" }, []]);
  expect(() => readChannels("mail:ops@example.com\r\nBcc:eve@example.com")).toThrow(/Channel 1/);
  expect(() => readChannels("mail:https://example.com")).toThrow(/Channel 1/);
  const mails: Mail[] = [];
  const mailer: Mailer = {
    send: async (mail) => {
      mails.push(mail);
      return { kind: "sent" };
    },
  };
  const { notify } = notifier(channel ? [channel] : [], () => NOON, mailer);
  await notify([notice("Store"), notice("Lag", { severity: "warn" })]);
  expect(mails).toMatchObject([{ to: "ops@example.com", subject: "shop/production: Store is critical" }]);
  expect(mails[0]?.text).toContain(`Next: ${CHECKS.Store.todo}`);
  expect(mails[0]?.unsubscribe).toBeUndefined();
});
