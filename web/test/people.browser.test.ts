import { totpOf } from "@millrace/access/testing";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Stage } from "./support/stage.ts";

const PASSWORD = "correct horse battery";
/** Somebody new, also on a stage where this was run before. */
const BEA = `bea-${randomUUID()}@example.com`;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

/** A note of today. */
async function note(name: string, title: string): Promise<void> {
  const { url, project, masterKey } = stage.server.demo;
  const noted = await fetch(`${url}/3.0/projects/${project}/definitions/annotations/${name}`, {
    method: "PUT",
    headers: { authorization: masterKey },
    body: JSON.stringify({ title, content: { at: new Date().toISOString().slice(0, 10) } }),
  });
  expect(noted.status).toBe(201);
}

test(
  "an owner invites somebody, who joins by the link, turns a second factor on, signs out, and in again",
  { tags: "deployed" },
  async () => {
    const owner = await stage.look("/settings");
    await owner.getByRole("tab", { name: "People" }).click();
    await owner.getByLabel("E-mail address").fill(BEA);
    await owner.getByRole("button", { name: "Invite" }).click();
    const link = await owner.getByLabel("Link of the invitation").textContent();

    const page = await stage.blank();
    await page.context().clearCookies();
    await page.goto(link ?? "");
    await page.getByText(`has invited ${BEA}`).waitFor();
    await page.getByLabel("Password, 12 characters or more").fill(PASSWORD);
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "Demo" }).waitFor();
    // A viewer has nothing to set but their own sessions.
    await page.goto(stage.server.address("/settings"));
    await page.getByText("this one").waitFor();
    expect(await page.getByRole("tab").allTextContents()).toEqual(["Your account"]);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn on" }).click();
    const secret = (await page.getByLabel("Secret", { exact: true }).textContent()) ?? "";
    await page.getByLabel("Code", { exact: true }).fill(totpOf(secret, Date.now()));
    await page.getByRole("button", { name: "Confirm" }).click();
    const codes = ((await page.getByLabel("Codes for emergencies").textContent()) ?? "").split("\n");
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 codes for emergencies are left.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();

    await page.getByLabel("E-mail address").fill(BEA);
    await page.getByLabel("Password").fill("another long one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("do not belong together").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Code of your app").fill("000-000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The code is not right").waitFor();
    await page.getByLabel("Code of your app").fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Demo" }).waitFor();

    await owner.getByRole("tab", { name: "Audit log" }).click();
    await owner.getByText("person.invite").waitFor();
    await owner.getByLabel("Who", { exact: true }).fill("nobody@example.com");
    await owner.getByText("Nothing found.").waitFor();

    await owner.getByRole("tab", { name: "People" }).click();
    await owner.getByRole("button", { name: `Take away the role of ${BEA}` }).click();
    await owner.getByRole("cell", { name: BEA, exact: true }).waitFor({ state: "detached" });
  },
);

// On this machine alone: a stage offers a property that is new within a minute, to a page that is opened then.
test("the preview is the embed itself, with a token of what is chosen, and the code says the same", async () => {
  const of = (account: string) => ({
    account,
    keen: { timestamp: new Date(Date.now() - 3_600_000).toISOString() },
    $context: {
      url: `https://example.com/only-${account}`,
      visit_id: account,
      visit_page: 1,
      ip: "203.0.113.7",
      user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
    },
  });
  await stage.record([], { pageviews: [of("acme"), of("globex")] });
  const page = await stage.look("/settings");
  await page.getByRole("tab", { name: "Embeds" }).click();
  await page.getByRole("button", { name: "New secret" }).click();
  const secret = await page.getByLabel("New secret").textContent();
  expect(secret).toMatch(/^mres_[0-9a-f]{24}_/);
  await page.getByLabel("Property that tells customers apart").selectOption("account");
  await page.getByLabel("Customer of the preview").fill("globex");
  const frame = page.frameLocator("iframe");
  await frame.getByText("/only-globex").waitFor();
  await frame.getByRole("region", { name: "Devices" }).waitFor();
  // Until the customer was named, the preview was of all.
  await frame.getByText("/only-acme").waitFor({ state: "detached" });
  await note("release", "Version 2 is out");
  await page.getByLabel("see the project's notes on the chart").check();
  await frame.getByRole("img", { name: /^Note, .*Version 2 is out$/ }).waitFor();
  await page.getByLabel("see the project's notes on the chart").uncheck();
  await frame.getByRole("img", { name: /^Note/ }).waitFor({ state: "detached" });
  await page.getByLabel("see the project's notes on the chart").check();
  await page.getByLabel("Devices").uncheck();
  await frame.getByRole("region", { name: "Devices" }).waitFor({ state: "detached" });
  await page.getByLabel("Accent").fill("#b4400d");
  await expect
    .poll(() => frame.locator("html").evaluate((root) => root.style.getPropertyValue("--accent")), {
      timeout: 60_000,
    })
    .toContain("#b4400d");
  await page.getByLabel("Language of texts").fill("../x");
  await page.getByRole("alert").getByText("locale").waitFor();
  await page.getByLabel("Language of texts").fill("de");
  await frame.getByRole("region", { name: "Seiten" }).waitFor();
  const example = page.getByLabel("Your back end");
  await example.getByText(`locale: "de"`).waitFor();
  const code = await example.textContent();
  for (const said of [`property_name: "account"`, `"places"]`, `accent: "#b4400d"`, "annotations: true"])
    expect(code).toContain(said);
  expect(code).not.toMatch(/devices|globex/);
});

test("a share link is made, opens with its password alone, and is revoked after a question", async () => {
  await note("shared", "Who has the link reads this");
  await stage.record([{ at: Date.now() - 3_600_000, path: "/shared", visitor: 9, visitPage: 1 }]);
  const page = await stage.look("/settings");
  await page.getByRole("tab", { name: "Share links" }).click();
  await page.getByLabel("Name, for the list").fill("Board");
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByLabel("Language of the link").selectOption({ label: "Deutsch" });
  await page.getByLabel("see the project's notes on the chart").check();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("New link").textContent();
  const reader = await stage.blank();
  await reader.context().clearCookies();
  await reader.goto(link ?? "");
  await reader.getByLabel("Passwort").fill(PASSWORD);
  await reader.getByRole("button", { name: "Öffnen" }).click();
  await reader.getByRole("region", { name: "Seiten" }).waitFor();
  await reader.getByRole("img", { name: /^Notiz, .*Who has the link reads this$/ }).waitFor();
  // It is the link's language, not what this browser reads its own dashboard in.
  expect(await reader.evaluate(() => localStorage.length)).toBe(0);
  await page.getByRole("button", { name: "Revoke the link Board" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("cell", { name: "Board", exact: true }).waitFor();
  await page.getByRole("button", { name: "Revoke the link Board" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("There is no link now.").waitFor();
  // Everywhere within a minute.
  const ended = reader.getByText("This link has ended, or was revoked.");
  const isEnded = async () => {
    await reader.reload();
    await ended
      .or(reader.getByRole("region", { name: "Seiten" }))
      .first()
      .waitFor();
    return ended.isVisible();
  };
  await expect.poll(isEnded, { timeout: 120_000 }).toBe(true);
});

test("an owner of everything makes a project, renames and archives it, and makes a key for all of them", async () => {
  const page = await stage.look("/settings");
  await page.getByRole("tab", { name: "Organisation" }).click();
  await page.getByLabel("Name of a new project").fill("Second");
  await page.getByRole("button", { name: "Make the project" }).click();
  const keys = await page.getByLabel("Keys of the new project").textContent();
  const [id = "", write = ""] = /project\s+(\S+)\s+write\s+(\S+)/.exec(keys ?? "")?.slice(1) ?? [];
  const { url } = stage.server.demo;
  const record = () =>
    fetch(`${url}/3.0/projects/${id}/events/things`, { method: "POST", headers: { authorization: write }, body: "{}" });
  expect((await record()).status).toBe(201);
  await page.getByRole("button", { name: "Rename Second" }).click();
  await page.getByLabel("New name of Second").fill("Renamed");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Archive Renamed" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
  await page.getByRole("button", { name: "Take out of the archive" }).waitFor();
  expect((await record()).status).toBe(403);
  await page.getByLabel("Name of a new key").fill("Sign-ups");
  await page.getByRole("button", { name: "New organisation key" }).click();
  const key = await page.getByLabel("New organisation key").textContent();
  const list = await fetch(`${url}/console/projects`, { headers: { authorization: key?.trim() ?? "" } });
  expect(await list.text()).toContain("Renamed");
  await page.getByRole("button", { name: "Revoke the organisation key Sign-ups" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("cell", { name: "Sign-ups", exact: true }).waitFor({ state: "detached" });
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
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    await page.getByRole("tabpanel").locator("table, button").first().waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, (await tab.textContent()) ?? "").toBeLessThanOrEqual(360);
  }
  await page.reload();
  await page.getByRole("tab", { name: "Keys" }).click();
  await page.getByRole("button", { name: "New read key" }).waitFor();
  expect(await page.content()).not.toContain(key?.trim());
});
