import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Stage } from "./support/stage.ts";

// As long as a busy machine takes: what is waited for is what the page shows.
vi.setConfig({ testTimeout: 120_000 });

const PASSWORD = "correct horse battery";
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterEach(() => stage.leave());
afterAll(() => stage.close());

test("an owner invites somebody, who joins by the link, signs out, and in again with the password", async () => {
  const owner = await stage.look("/settings");
  await owner.getByRole("tab", { name: "People" }).click();
  await owner.getByLabel("E-mail address").fill("bea@example.com");
  await owner.getByRole("button", { name: "Invite" }).click();
  const link = await owner.getByLabel("Link of the invitation").textContent();

  const page = await stage.blank();
  await page.context().clearCookies();
  await page.goto(link ?? "");
  await page.getByText("has invited bea@example.com").waitFor();
  await page.getByLabel("Password, 12 characters or more").fill(PASSWORD);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("heading", { name: "Demo" }).waitFor();
  // A viewer has nothing to set but their own sessions.
  await page.goto(`${stage.server.demo.url}/settings`);
  await page.getByText("this one").waitFor();
  expect(await page.getByRole("tab").allTextContents()).toEqual(["Your sessions"]);
  await page.getByRole("button", { name: "Sign out" }).click();

  await page.getByLabel("E-mail address").fill("bea@example.com");
  await page.getByLabel("Password").fill("another long one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("do not belong together").waitFor();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Demo" }).waitFor();

  await owner.getByRole("tab", { name: "Audit log" }).click();
  await owner.getByText("person.invite").waitFor();
});

test("a new key works, is shown this once, and nothing scrolls sideways at 360 pixels", async () => {
  const page = await stage.look("/settings", { viewport: { width: 360, height: 800 } });
  await page.getByLabel("Time zone").waitFor();
  await page.getByRole("tab", { name: "Keys" }).click();
  await page.getByRole("button", { name: "New read key" }).click();
  const key = await page.getByLabel("New key").textContent();
  const { url, project } = stage.server.demo;
  const answer = await fetch(`${url}/3.0/projects/${project}`, { headers: { authorization: key?.trim() ?? "" } });
  expect(answer.status).toBe(200);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.reload();
  await page.getByRole("tab", { name: "Keys" }).click();
  await page.getByRole("button", { name: "New read key" }).waitFor();
  expect(await page.content()).not.toContain(key?.trim());
});
