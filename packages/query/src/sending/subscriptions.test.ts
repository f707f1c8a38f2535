import { embedToken } from "@millrace/client/server";
import type { EmbedClaims } from "@millrace/core";
import { createSmtpMailer } from "@millrace/ops/mail/smtp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startMailReceiver, type MailReceiver } from "../../../ops/test/mail-receiver.ts";
import { createTestApp, NOW, type TestApp } from "../../test/setup.ts";

const FROM = { address: "reports@example.com", name: "Usage" };
const DAY = 24 * 3_600_000;
/** What only the neighbour's events hold, and what no mail may say of the filter. */
const HIDDEN = /only-bob|acct-|customer-93|account/;

let app: TestApp;
let mails: MailReceiver;
let secret: string;
let keyId: string;
beforeEach(async () => {
  [app, mails] = await Promise.all([createTestApp(), startMailReceiver()]);
  const made = await app.send<{ secret: string; key_id: string }>("POST", "/embed-keys");
  ({ secret, key_id: keyId } = made.body);
  const at = new Date(NOW - DAY).toISOString();
  const view = (account: string, visitor: string, path: string) => ({
    collection: "pageviews",
    at,
    properties: { account },
    context: { visitor, page_path: path, geo_country: "DE", visit_source: "Search" },
  });
  await app.record(
    view("acct-ada", "a", "/own"),
    view("acct-ada", "b", "/own"),
    view("acct-bob", "c", "/only-bob-knows"),
    view("acct-bob", "d", "/only-bob-knows"),
    view("acct-bob", "e", "/only-bob-knows"),
  );
});
afterEach(async () => {
  await mails.close();
  await app.close();
});

const tokenOf = (claims: Partial<EmbedClaims> & { id?: string } = {}) =>
  embedToken({
    secret,
    customer: "customer-93",
    filters: [{ property_name: "account", operator: "eq", property_value: "acct-ada" }],
    operations: ["view", "reports"],
    recipients: ["Ada@example.com", "team@example.com"],
    ...claims,
  });
const run = (deadline?: number) => app.sendDue({ mailer: createSmtpMailer({ url: mails.url, from: FROM }) }, deadline);
const DAILY = { every: "daily", hour: 9 };

async function subscribe(claims: Parameters<typeof tokenOf>[0] = {}, body: object = {}) {
  const key = await tokenOf(claims);
  const sent = { key, body: { address: "ada@example.com", ...DAILY, ...body } };
  const answer = await app.send<{ id: string; message?: string }>("POST", "/embed/reports", sent);
  return { key, ...answer };
}

/** The first morning on which a report is due. */
const morning = () => app.clock.set(Date.parse("2021-03-11T09:00:00Z"));

function decoded(raw = ""): string {
  return raw
    .replaceAll(/=\r\n/g, "")
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (text) => Buffer.from(text.replaceAll("=", ""), "hex").toString());
}

test("a viewer gets what the page shows them, and nothing of what it is filtered by", async () => {
  app.clock.set(NOW);
  const { status, body } = await subscribe();
  expect([status, body]).toMatchObject([
    201,
    { address: "ada@example.com", every: "daily", ends_at: "2021-06-10T12:00:00.000Z" },
  ]);
  expect(JSON.stringify(body)).not.toMatch(HIDDEN);
  app.clock.set(Date.parse("2021-03-10T23:00:00Z"));
  await app.sending.standings.put(app.shop.id, { subject: { kind: "subscription", name: body.id }, dueAt: NOW });
  expect(await run()).toMatchObject({ done: 1, failed: 0 });
  const [mail] = mails.mails;
  expect(mail?.to).toEqual(["ada@example.com"]);
  const text = decoded(mail?.raw);
  expect(text).toContain("Subject: Daily usage report, Tue, 9 March 2021, 2 visitors");
  expect(text).toMatch(/Top pages \(visitors\)\r\n {2}2 {2}\/own\r\n/);
  expect(text).toContain("It ends by itself on 2021-06-10.");
  // The token let see neither its name nor that of the project, whose id stands in the link alone.
  expect(text).not.toMatch(HIDDEN);
  expect(text).not.toContain("Shop");
});

test("it is held to the token's panels", async () => {
  const { body } = await subscribe({ panels: ["pages"] });
  await app.sending.standings.put(app.shop.id, { subject: { kind: "subscription", name: body.id }, dueAt: NOW });
  expect(await run()).toMatchObject({ done: 1, failed: 0 });
  const text = decoded(mails.mails[0]?.raw);
  expect(text).toContain("/own");
  expect(text).not.toMatch(/Visitors:|Countries|Sources/);
});

test.each([
  ["an address that the token does not list", {}, { address: "eve@example.com" }, 400],
  ["two addresses", {}, { address: "ada@example.com, eve@example.com" }, 400],
  ["a header", {}, { address: "ada@example.com\r\nBcc: eve@example.com" }, 400],
  ["a token that does not allow it", { operations: ["view"], recipients: [] }, {}, 401],
  ["a token that lists nobody", { recipients: [] }, {}, 401],
  ["addresses without the operation", { operations: ["view"] }, {}, 401],
  ["a list of what is none", { recipients: ["ada"] }, {}, 401],
] as const)("%s is refused", async (_what, claims, body, status) => {
  expect((await subscribe(claims as Partial<EmbedClaims>, body)).status).toBe(status);
  expect(await app.sending.subscriptions.list(app.shop.id)).toEqual([]);
});

test("a share link subscribes nobody", async () => {
  const link = { name: "Board", operations: ["view", "reports"], recipients: ["ada@example.com"] };
  expect((await app.send("POST", "/share-links", { body: link })).body.message).toMatch(/recipients/);
  const { key } = (await app.send<{ key: string }>("POST", "/share-links", { body: { name: "Board" } })).body;
  expect(
    (await app.send("POST", "/embed/reports", { key, body: { address: "ada@example.com", ...DAILY } })).status,
  ).toBe(401);
});

test("asked for again it is changed, not doubled; another customer's is nobody else's to see or to end", async () => {
  const { key, body } = await subscribe();
  await subscribe({}, { every: "weekly", weekday: "friday" });
  const mine = async (token: string) =>
    (await app.send<{ subscriptions: { id: string; every: string }[] }>("GET", "/embed/reports", { key: token })).body;
  expect(await mine(key)).toMatchObject({
    addresses: ["ada@example.com", "team@example.com"],
    subscriptions: [{ id: body.id, every: "weekly" }],
  });
  for (const stranger of [
    await tokenOf({ customer: "customer-94" }),
    await tokenOf({ recipients: ["eve@example.com"] }),
  ]) {
    expect((await mine(stranger)).subscriptions).toEqual([]);
    expect((await app.send("DELETE", `/embed/reports/${body.id}`, { key: stranger })).status).toBe(404);
  }
  expect((await app.send("DELETE", `/embed/reports/${body.id}`, { key })).status).toBe(204);
  expect((await mine(key)).subscriptions).toEqual([]);
  morning();
  expect(await run()).toMatchObject({ done: 0 });
});

test("it ends with its embed secret, with its token, and by itself", async () => {
  await subscribe({ id: "token-of-ada" });
  expect((await app.send("DELETE", "/embed-tokens/token-of-ada")).status).toBe(204);
  expect(await app.sending.subscriptions.list(app.shop.id)).toEqual([]);
  await subscribe();
  expect((await app.send("DELETE", `/embed-keys/${keyId}`)).status).toBe(204);
  expect(await app.sending.subscriptions.list(app.shop.id)).toEqual([]);
  morning();
  expect(await run()).toMatchObject({ done: 0 });
  const ended = (await app.access.audit.search({ project: app.shop.id, what: "subscription" })).entries;
  expect(ended.map(({ what, target }) => [what, target])).toEqual([
    ["subscription.end", "ada@example.com"],
    ["subscription.create", "ada@example.com"],
    ["subscription.end", "ada@example.com"],
    ["subscription.create", "ada@example.com"],
  ]);
});

test("a secret that was revoked past the API ends it too, and three months do", async () => {
  await subscribe();
  await app.registry.delete({ partition: `embed-keys:${app.shop.id}`, sort: keyId });
  morning();
  await run();
  expect(mails.mails).toEqual([]);
  expect(await app.sending.standings.list(app.shop.id)).toEqual([]);
  const { secret: again } = (await app.send<{ secret: string }>("POST", "/embed-keys")).body;
  secret = again;
  await subscribe();
  app.clock.advance(92 * DAY + 1);
  expect(await run()).toMatchObject({ done: 0 });
  expect(mails.mails).toEqual([]);
});

test("the link in the mail ends it, once", async () => {
  const { key } = await subscribe();
  morning();
  await run();
  const link = /<(https:\/\/stats.example\S+)>/.exec(decoded(mails.mails[0]?.raw))?.[1] ?? "";
  const post = () => app.app.request(new URL(link).pathname, { method: "POST", body: "List-Unsubscribe=One-Click" });
  expect((await post()).status).toBe(200);
  expect(await app.sending.subscriptions.list(app.shop.id)).toEqual([]);
  // Asked for again, the old link is nobody's.
  await subscribe();
  expect((await post()).status).toBe(200);
  expect(
    (await app.send<{ subscriptions: unknown[] }>("GET", "/embed/reports", { key })).body.subscriptions,
  ).toHaveLength(1);
  const [entry] = (await app.access.audit.search({ project: app.shop.id, what: "subscription.unsubscribe" })).entries;
  expect(entry).toMatchObject({ who: { kind: "mail", name: "ada@example.com" } });
});

test("ten thousand are bounded: a project has a thousand, and a round that has no time left leaves them for the next", async () => {
  await subscribe();
  const [first] = await app.sending.subscriptions.list(app.shop.id);
  if (!first) throw new Error("There is none.");
  for (let n = 1; n < 1_000; n++) {
    const id = `made-up-${n}`;
    await app.sending.subscriptions.put(app.shop.id, id, { ...first, id });
    await app.sending.standings.put(app.shop.id, { subject: { kind: "subscription", name: id }, dueAt: NOW });
  }
  const { status, body } = await subscribe({}, { address: "team@example.com" });
  expect([status, body.message]).toEqual([400, "There are too many subscriptions. Nothing was changed."]);
  // Who has one may still change it.
  expect((await subscribe({}, { every: "weekly" })).status).toBe(201);
  expect(await run(app.clock.now())).toEqual({ done: 0, failed: 0, late: 0, left: 999 });
});

test("whoever operates the project sees them all, and ends one", async () => {
  const { body } = await subscribe();
  const { body: listed } = await app.send<object[]>("GET", "/subscriptions");
  expect(listed).toMatchObject([{ id: body.id, customer: "customer-93", address: "ada@example.com" }]);
  expect((await app.send("GET", "/subscriptions", { key: app.shop.readKey })).status).toBe(401);
  expect((await app.send("DELETE", `/subscriptions/${body.id}`)).status).toBe(204);
  expect((await app.send("DELETE", `/subscriptions/${body.id}`)).status).toBe(404);
});

test("claims that nobody can read any more are told of once a day, and send nothing", async () => {
  const { body } = await subscribe();
  const kept = await app.sending.subscriptions.get(app.shop.id, body.id);
  if (!kept) throw new Error("It is gone.");
  await app.sending.subscriptions.put(app.shop.id, body.id, { ...kept, claims: { ...kept.claims, widened: true } });
  morning();
  expect(await run()).toMatchObject({ failed: 1 });
  app.clock.advance(30 * 60_000);
  expect(await run()).toMatchObject({ done: 0 });
  expect(mails.mails).toEqual([]);
  expect((await app.access.audit.search({ project: app.shop.id, what: "subscription.fail" })).entries).toHaveLength(1);
});
