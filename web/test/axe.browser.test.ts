import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { axeViolations } from "./support/axe.ts";
import { Stage } from "./support/stage.ts";

// As long as a busy machine takes: what is waited for is what the page shows.
vi.setConfig({ testTimeout: 240_000 });

const PASSWORD = "correct horse battery";
const TABS: readonly [tab: string, there: string][] = [
  ["Project", "Time zone"],
  ["Keys", "New read key"],
  ["People", "Invite"],
  ["Share links", "Make a link"],
  ["Audit log", "What, such as key"],
  ["Organisation", "New organisation key"],
  ["Your sessions", "Sign out"],
];
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  const visit = { visit_id: "v", visit_page: 1, user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0" };
  const view = { account: "acme", $context: { url: "https://example.com/a", ip: "203.0.113.7", ...visit } };
  await stage.record([], { pageviews: [view] });
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

describe.each(["light", "dark"] as const)("in %s colours everybody can use", (colorScheme) => {
  const clean = async (page: Page, what: string) => expect(await axeViolations(page), what).toEqual([]);

  test("the settings, each of them, and what they ask before they do it", async () => {
    const page = await stage.look("/settings", { colorScheme });
    for (const [tab, there] of TABS) {
      await page.getByRole("tab", { name: tab, exact: true }).click();
      await page.getByText(there).first().waitFor();
      await clean(page, tab);
    }
    await page.getByRole("tab", { name: "Embeds" }).click();
    await page.frameLocator("iframe").getByRole("region", { name: "Devices" }).waitFor();
    await clean(page, "Embeds, with the preview");
    await page.getByRole("tab", { name: "Project" }).click();
    await page.getByRole("button", { name: "Archive" }).click();
    await page.getByRole("dialog", { name: /Archive/ }).waitFor();
    await clean(page, "a question");
  });

  test("the sign-in, and a share link: its password, its page, its menus", async () => {
    const page = await stage.blank({ colorScheme });
    await page.context().clearCookies();
    await page.goto(stage.server.demo.url);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await clean(page, "the sign-in");
    const { url, project, masterKey } = stage.server.demo;
    const made = await fetch(`${url}/3.0/projects/${project}/share-links`, {
      method: "POST",
      headers: { authorization: masterKey },
      body: JSON.stringify({ name: "Board", password: PASSWORD, properties: ["account"] }),
    });
    await page.goto(url + ((await made.json()) as { path: string }).path);
    await page.getByLabel("Password").fill(PASSWORD);
    await clean(page, "the password of a link");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("region", { name: "Devices" }).waitFor();
    await clean(page, "a link's page");
    await page.getByRole("button", { name: /^Range/ }).click();
    await page.getByRole("menuitemradio", { name: "Last 7 days" }).waitFor();
    await clean(page, "the menu of ranges");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("combobox", { name: "Property" }).waitFor();
    await clean(page, "a filter");
  });
});
