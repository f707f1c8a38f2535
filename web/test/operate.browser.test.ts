import { createAccess, createSqliteRegistry, systemClock, systemRandom } from "@millrace/access";
import { encodeEnvelope, ENVELOPE_VERSION, mintId, type AcceptedEvent } from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startSlackReceiver, type SlackReceiver } from "../../packages/ops/test/slack-receiver.ts";
import { Stage } from "./support/stage.ts";

const NOW = Date.now();
const YESTERDAY = Math.floor(NOW / 86_400_000) * 86_400_000 - 43_200_000;
let stage: Stage;
let slack: SlackReceiver;
beforeAll(async () => {
  slack = await startSlackReceiver();
  stage = await Stage.open({ ALERTS_PRIVATE: "1" }, leaveTrouble);
});
afterEach(() => stage.leave());
afterAll(async () => {
  slack.close();
  await stage.close();
});

/** A folder as a bad night leaves it: a dead letter of two events, and an event that the version of then could not store. */
async function leaveTrouble(folder: string): Promise<void> {
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
  const access = createAccess({ registry, clock: systemClock, random: systemRandom });
  const { id: project } = await access.projects.create({ name: "Shop" });
  const keyOf = (kind: "write" | "read" | "master") => access.keys.create(project, kind);
  const keys = { writeKey: await keyOf("write"), readKey: await keyOf("read"), masterKey: await keyOf("master") };
  await writeFile(join(folder, "demo.json"), JSON.stringify({ url: "", project, ...keys }));
  await registry.close();

  const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite") });
  const event = (): AcceptedEvent => ({
    id: mintId(NOW, randomBytes(10)),
    collection: "orders",
    timestamp: NOW,
    properties: { n: 1 },
  });
  const send = async (events: readonly AcceptedEvent[]) => {
    const request = { executionId: "i", function: "ingest", coldStart: false, durationMs: 1, route: "/", bytes: 1 };
    const about = { v: ENVELOPE_VERSION, batch: randomUUID(), project, receivedAt: NOW } as const;
    const counts = { instance: "i", sequence: 1, accepted: events.length };
    const body = await encodeEnvelope({ ...about, ...counts, request, events: [...events] });
    await queue.send({ body, group: project, accepted: { receivedAt: NOW, events: events.length } });
    return about;
  };
  await send([event(), event()]);
  await queue.bury(await queue.receive({ max: 1, visibilityMs: 60_000 }));
  const once = event();
  const { batch } = await send([once]);
  await queue.ack((await queue.receive({ max: 1, visibilityMs: 60_000 })).map(({ receipt }) => receipt));
  await queue.close();

  const store = await createDuckDbStore({ path: join(folder, "events.duckdb"), clock: systemClock });
  const raw = JSON.stringify(once);
  const end = { outcome: "rejected", reason: "unstorable", detail: "No place for it.", raw } as const;
  await store.recordExceptions([{ project, collection: "orders", receivedAt: NOW, batch, ordinal: 0, ...end }]);
  await store.close();
}

interface Hour {
  readonly accepted: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dead: number;
  readonly in_flight: number;
}

/** The ledger of all hours, added up. */
async function ledger(): Promise<Hour> {
  const { url, project, masterKey } = stage.server.demo;
  const answer = await fetch(`${url}/3.0/projects/${project}/ledger`, { headers: { authorization: masterKey } });
  const { result } = (await answer.json()) as { result: Hour[] };
  const sum = (name: keyof Hour) => result.reduce((all, hour) => all + hour[name], 0);
  return {
    accepted: sum("accepted"),
    stored: sum("stored"),
    rejected: sum("rejected"),
    dead: sum("dead"),
    in_flight: sum("in_flight"),
  };
}

/** What the audit log holds, newest first. */
async function audited(page: Page): Promise<string[]> {
  const answer = await page.request.get(`${stage.server.demo.url}/console/audit`);
  const { entries } = (await answer.json()) as { entries: { what: string }[] };
  return entries.map(({ what }) => what);
}

const look = (page: Page) => page.getByRole("button", { name: "Show what it would do" }).click();
const told = (page: Page, name: "What it would do" | "Done", text: RegExp) =>
  page.getByRole("status", { name, exact: true }).filter({ hasText: text }).waitFor();

test("dead letters lead to their redrive, which counts them first, stores them, and finds none the second time", async () => {
  expect(await ledger()).toMatchObject({ accepted: 3, stored: 0, dead: 2, rejected: 1 });
  const page = await stage.look("/operations");
  await page.getByRole("listitem").filter({ hasText: "dead letters" }).getByRole("link", { name: "Redrive" }).click();
  await look(page);
  await told(page, "What it would do", /1\s*dead letters/);
  expect(await ledger()).toMatchObject({ dead: 2 });
  await page.getByRole("dialog").getByRole("button", { name: "Redrive dead letters" }).click();
  await told(page, "Done", /1\s*dead letters.*in the queue again/);
  await expect.poll(ledger).toMatchObject({ stored: 2, dead: 0, rejected: 1, in_flight: 0 });
  await look(page);
  await told(page, "What it would do", /0\s*dead letters/);
  await page.getByRole("dialog").getByRole("button", { name: "Redrive dead letters" }).click();
  await told(page, "Done", /0\s*dead letters/);
  expect((await audited(page)).filter((what) => what === "dead-letters.redrive")).toHaveLength(1);
});

test("rejected events are replayed and stored once, however often", async () => {
  const page = await stage.look("/operations?command=replay-rejected");
  for (const found of [1, 0]) {
    await look(page);
    await told(page, "What it would do", new RegExp(`${found}\\s*rejected events`));
    await page.getByRole("dialog").getByRole("button", { name: "Replay rejected events" }).click();
    await told(page, "Done", new RegExp(`${found}\\s*in the queue again`));
    await expect.poll(ledger).toMatchObject({ accepted: 3, stored: 3, rejected: 0, in_flight: 0 });
  }
  expect((await audited(page)).filter((what) => what === "rejected.replay")).toHaveLength(1);
});

test("collecting is paused and resumed; the page says so meanwhile, and what came in waits and is stored", async () => {
  const page = await stage.look("/operations?command=pause");
  await look(page);
  await page.getByRole("dialog").getByRole("button", { name: "Pause collecting" }).click();
  await told(page, "Done", /./);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByText("Nothing is collected since").waitFor();
  const { url, project, writeKey } = stage.server.demo;
  const record = async () => {
    const headers = { authorization: writeKey, "content-type": "application/json" };
    await fetch(`${url}/3.0/projects/${project}/events/orders`, { method: "POST", headers, body: "{}" });
    return ledger();
  };
  // A batch that was open when it was paused still takes what comes at once.
  await expect.poll(record).toMatchObject({ in_flight: expect.toSatisfy((n: number) => n > 5) as number });
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await look(page);
  await page.getByRole("dialog").getByRole("button", { name: "Resume collecting" }).click();
  await told(page, "Done", /./);
  await expect.poll(ledger).toMatchObject({ in_flight: 0, rejected: 0, dead: 0 });
  await page.getByText("Nothing is collected since").waitFor({ state: "hidden" });
  expect((await audited(page)).slice(0, 2)).toEqual(["collecting.resumed", "collecting.paused"]);
});

test("what cannot be taken back is done after its project's name was typed", async () => {
  const page = await stage.look("/operations?command=erase");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Or collection").fill("orders");
  await look(page);
  await told(page, "What it would do", /events/);
  const erase = dialog.getByRole("button", { name: "Erase events" });
  expect(await erase.isDisabled()).toBe(true);
  await dialog.getByLabel("There is no way back").fill("Shop");
  await erase.click();
  await told(page, "Done", /They are deleted/);
  expect((await ledger()).stored).toBe(0);
});

test("the overview is subscribed to as it is shown, arrives in Slack, is paused without its address, and deleted", async () => {
  await stage.record([
    { at: YESTERDAY, path: "/pricing", visitor: 1, visitPage: 1 },
    { at: YESTERDAY, path: "/", visitor: 2, visitPage: 1 },
  ]);
  const page = await stage.look("/?range=7d&f=page:/pricing");
  await page.getByRole("link", { name: "Subscribe" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Page is /pricing").waitFor();
  await dialog.getByLabel("Name").fill("Pricing");
  await dialog.getByLabel("How often").selectOption("daily");
  await dialog.getByLabel("Address of the webhook").fill(slack.url);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });

  const row = page.getByRole("group", { name: "Reports" }).getByRole("row", { name: /pricing, filtered/ });
  await row.getByText("Each day at 08:00").waitFor();
  await row.getByRole("button", { name: "Send now" }).click();
  await row.getByText("Went well").waitFor();
  expect(slack.messages).toHaveLength(1);
  expect(slack.messages[0]).toContain("daily report “pricing”");
  expect(slack.messages[0]).toContain("*Visitors* 1 ");
  expect(slack.refusals).toEqual([]);

  await row.getByRole("button", { name: "Pause" }).click();
  await row.getByText("Paused").waitFor();
  await row.getByRole("button", { name: "Send now" }).waitFor({ state: "detached" });
  await row.getByRole("button", { name: "Resume" }).click();
  await row.getByText(/^Next/).waitFor();
  await row.getByRole("button", { name: "Edit" }).click();
  await dialog.getByText(/^Slack http:\/\/127.0.0.1:\d+\/…$/).waitFor();
  await dialog.getByLabel("How often").selectOption("weekly");
  await dialog.getByLabel("On").selectOption("friday");
  await dialog.getByRole("button", { name: "Save" }).click();
  await row.getByText("Each Friday at 08:00").waitFor();
  await row.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No report is sent.").waitFor();
});

test("a number of the overview is watched, and what was found is shown beside its limit", async () => {
  const page = await stage.look("/?range=7d&metric=views");
  await page.getByRole("link", { name: "Watch", exact: true }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByLabel("Name").inputValue()).toBe("Page views");
  await dialog.getByLabel("Number").fill("5");
  await dialog.getByLabel("Channel").selectOption("webhook");
  await dialog.getByLabel("Address of the webhook").fill(slack.url.replace("127.0.0.1", "localhost"));
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  const row = page.getByRole("group", { name: "Watches" }).getByRole("row", { name: /page-views/ });
  await row.getByText("below 5, each hour").waitFor();
  await row.getByRole("button", { name: "Look now" }).click();
  // Of the hour that is over: nobody came, whenever the test runs.
  await row.getByText("Warning, 0").waitFor();
  await row.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("No number is watched.").waitFor();
});

test("on AWS what no function has the rights for is shown as it is typed", async () => {
  const page = await stage.blank();
  await page.route("**/ops/commands", async (route) => {
    const answer = await route.fetch();
    const { commands } = (await answer.json()) as { commands: { name: string }[] };
    const there = commands.map((command) => ({ ...command, runs: command.name === "erase" }));
    await route.fulfill({ json: { stage: "production", commands: there } });
  });
  await page.goto(`${stage.server.demo.url}/operations?command=throttle`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Requests a second").fill("20");
  const { project } = stage.server.demo;
  await dialog.getByText(`npm run ops -- throttle ${project} 20 --stage production`).waitFor();
  expect(await dialog.getByRole("button", { name: "Show what it would do" }).count()).toBe(0);
});
