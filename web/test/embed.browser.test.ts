import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { buildScript } from "../../examples/host-app/src/build.ts";
import { CUSTOMERS } from "../../examples/host-app/src/customers.ts";
import { makeSecret } from "../../examples/host-app/src/prepare.ts";
import { serveHostApp } from "../../examples/host-app/src/serve.ts";
import { trafficOf } from "../../examples/host-app/src/traffic.ts";
import { startMailReceiver, type MailReceiver } from "../../packages/ops/test/mail-receiver.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let mails: MailReceiver;
let secret: string;
let script: string;
const servers: { close: () => void }[] = [];

beforeAll(async () => {
  mails = await startMailReceiver();
  stage = await Stage.open({ SMTP_URL: mails.url, MAIL_FROM: "Usage <reports@example.com>" });
  const { demo } = stage.server;
  [secret, script] = await Promise.all([makeSecret(demo), buildScript()]);
  await stage.record([], { pageviews: CUSTOMERS.flatMap((customer) => trafficOf(customer, 40, Date.now())) });
});
afterEach(async () => {
  await stage.leave();
  for (const server of servers.splice(0)) server.close();
});
afterAll(async () => {
  await stage?.close();
  await mails?.close();
});

/** The host app on a port of its own, which is another origin than Millrace's. */
async function hostApp(options: { tokenSeconds?: number; origin?: string } = {}): Promise<string> {
  const millraceUrl = stage.server.demo.url;
  const server = await serveHostApp(0, { millraceUrl, embedSecret: secret, script, ...options });
  servers.push(server);
  return server.url;
}

/** Everything that a page's tab asked and was answered, as one text. */
function traffic(page: Page): () => Promise<string> {
  const parts: Promise<string>[] = [];
  page.on("request", (request) => {
    parts.push(
      Promise.resolve([request.url(), request.postData() ?? "", JSON.stringify(request.headers())].join("\n")),
    );
  });
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (/json|html|plain|csv/.test(type)) parts.push(response.text().catch(() => ""));
    parts.push(Promise.resolve(JSON.stringify(response.headers())));
  });
  return async () => (await Promise.all(parts)).join("\n");
}

const frameOf = (page: Page, customer: string) => page.locator(`[data-customer=${customer}]`).frameLocator("iframe");

test.each([
  ["acme", "globex"],
  ["globex", "acme"],
])(
  "%s changes range and filter, drills and exports, and nothing of %s is on the way or in the page",
  async (own, other) => {
    const origin = await hostApp();
    const page = await stage.blank({ acceptDownloads: true });
    const seen = traffic(page);
    const faults: string[] = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(`${origin}/accounts/${own}`);
    const frame = frameOf(page, own);
    await frame.getByText(`/only-${own}`).waitFor();
    await frame.getByRole("button", { name: /^Range/ }).click();
    await frame.getByRole("menuitemradio", { name: "Last 7 days" }).click();
    await frame.getByRole("button", { name: /^Range: Last 7 days/ }).waitFor();
    await frame
      .getByRole("button", { name: /\/shop\/new/ })
      .first()
      .click();
    await frame.getByRole("list", { name: "Filters" }).getByText("/shop/new").waitFor();
    await frame.getByRole("button", { name: "Filter", exact: true }).click();
    const offered = await frame.getByRole("combobox", { name: "Property" }).getByRole("option").allTextContents();
    expect(offered).not.toContain("account");
    await frame.getByRole("button", { name: "Cancel" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      frame.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    const file = await (await download.createReadStream()).toArray();
    const csv = Buffer.concat(file as Buffer[]).toString();
    expect(csv).toContain("/shop/new");
    const content = await page.frames()[1]?.content();
    const text = `${await seen()}\n${csv}\n${content ?? ""}`;
    expect(text).toContain("/shop/new");
    // The other's id, host and pages; the property that tells the two apart, and the name of the project.
    expect(text).not.toMatch(new RegExp(`${other}|"account"|account"|\\bDemo\\b`, "i"));
    expect(faults).toEqual([]);
  },
  90_000,
);

test("a viewer asks for a report to their own address, sees it, and stops it", async () => {
  const origin = await hostApp();
  const page = await stage.blank();
  const seen = traffic(page);
  await page.goto(`${origin}/accounts/acme`);
  const frame = frameOf(page, "acme");
  await frame.getByRole("button", { name: "Reports" }).click();
  const dialog = frame.getByRole("dialog", { name: "Reports by mail" });
  expect(await dialog.getByRole("combobox", { name: "To" }).getByRole("option").allTextContents()).toEqual([
    "usage@acme.example",
  ]);
  await dialog.getByRole("combobox", { name: "How often" }).selectOption({ label: "Each day" });
  await dialog.getByRole("button", { name: "Send me reports" }).click();
  const own = dialog.getByRole("list", { name: "Your reports" });
  await own.getByText(/^Each day to usage@acme.example, until /).waitFor();
  await own.getByRole("button", { name: "Stop" }).click();
  await own.waitFor({ state: "detached" });
  // Nothing of what the report is filtered by, and nothing of another customer.
  expect(await seen()).not.toMatch(/globex|"account"|account"/i);
});

test("the frame is as high as its content, in the company's colour", async () => {
  const origin = await hostApp();
  const page = await stage.blank();
  await page.goto(`${origin}/accounts/acme`);
  const frame = frameOf(page, "acme");
  await frame.getByText("/only-acme").waitFor();
  const content = page.frames()[1];
  if (!content) throw new Error("There is no frame.");
  const fits = async () => {
    const inside = await content.evaluate(() => document.getElementById("root")?.scrollHeight ?? 0);
    const outside = await page.locator("iframe").evaluate((element) => element.getBoundingClientRect().height);
    return outside > 600 && Math.abs(inside - outside) <= 2;
  };
  await expect.poll(fits).toBe(true);
  const accent = await content.evaluate(() => document.documentElement.style.getPropertyValue("--accent"));
  expect(accent).toContain("#b4400d");
});

test("a token is renewed by the page, and nothing is loaded anew", async () => {
  const origin = await hostApp({ tokenSeconds: 5 });
  const page = await stage.blank();
  const tokens: string[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/usage-token")) tokens.push(response.url());
  });
  let loads = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/embed") && request.method() === "POST") loads++;
  });
  await page.goto(`${origin}/accounts/acme`);
  const frame = frameOf(page, "acme");
  await frame.getByText("/only-acme").waitFor();
  await frame
    .getByRole("button", { name: /\/shop\/new/ })
    .first()
    .click();
  const before = tokens.length;
  await expect.poll(() => tokens.length).toBeGreaterThan(before);
  await frame.getByRole("button", { name: /^Range/ }).click();
  await frame.getByRole("menuitemradio", { name: "Last 7 days" }).click();
  await frame.getByRole("button", { name: /^Range: Last 7 days/ }).waitFor();
  await frame.getByRole("list", { name: "Filters" }).getByText("/shop/new").waitFor();
  expect(loads).toBe(1);
});

test("a page that the token does not name cannot show it", async () => {
  const origin = await hostApp({ origin: "https://elsewhere.example" });
  const page = await stage.blank();
  const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(`${origin}/accounts/acme`);
  await refused;
  await expect
    .poll(() =>
      page
        .frames()[1]
        ?.content()
        .catch(() => ""),
    )
    .not.toBe("");
  expect(await page.frames()[1]?.content()).not.toMatch(/only-acme|millrace-embed/);
});

test("a share link shows its panels, under its filters, and nothing of others", async () => {
  const { url, project, masterKey } = stage.server.demo;
  const made = await fetch(`${url}/3.0/projects/${project}/share-links`, {
    method: "POST",
    headers: { authorization: masterKey },
    body: JSON.stringify({
      name: "Board",
      panels: ["trend", "pages"],
      filters: [{ property_name: "account", operator: "eq", property_value: "acme" }],
    }),
  });
  const { path } = (await made.json()) as { path: string };
  const page = await stage.blank();
  const seen = traffic(page);
  await page.goto(url + path);
  await page.getByText("/only-acme").waitFor();
  expect(await page.getByRole("region", { name: "Devices" }).count()).toBe(0);
  expect(`${await seen()}\n${await page.content()}`).not.toMatch(/globex|account/i);
});

test("a share link with a password shows nothing before it was entered, and says no more of a wrong one", async () => {
  const { url, project, masterKey } = stage.server.demo;
  const made = await fetch(`${url}/3.0/projects/${project}/share-links`, {
    method: "POST",
    headers: { authorization: masterKey },
    body: JSON.stringify({
      name: "Board",
      panels: ["pages"],
      password: "correct horse battery",
      filters: [{ property_name: "account", operator: "eq", property_value: "acme" }],
    }),
  });
  const { path } = (await made.json()) as { path: string };
  const page = await stage.blank();
  const seen = traffic(page);
  await page.goto(url + path);
  await page.getByLabel("Password").fill("another long one");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("alert").getByText("Link and password do not belong together.").waitFor();
  expect(await seen()).not.toMatch(/acme/i);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByText("/only-acme").waitFor();
  expect(await page.getByLabel("Password").count()).toBe(0);
});
