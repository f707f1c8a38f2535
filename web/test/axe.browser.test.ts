import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { PAGES } from "../src/shell/pages.ts";
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
  ["Your account", "Turn on"],
];
/** All that the navigation leads to, and the list behind one of them. */
const PATHS = [...PAGES.map(({ path }) => path), "/operations/executions"];
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  const visit = { visit_id: "v", visit_page: 1, user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0" };
  const view = { account: "acme", $context: { url: "https://example.com/a", ip: "203.0.113.7", ...visit } };
  await stage.record([], { pageviews: [view] });
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

const clean = async (page: Page, what: string) => expect(await axeViolations(page), what).toEqual([]);

describe.each(["light", "dark"] as const)("in %s colours everybody can use", (colorScheme) => {
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

  test("the sign-in, and a share link: its password, its page, its menus", { tags: "deployed" }, async () => {
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

test("German is chosen once, everybody can use it, and it is there again; an address and a browser choose it, too", async () => {
  const page = await stage.look("/");
  const language = (of: Page) => of.locator("html").getAttribute("lang");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("combobox", { name: "Language" }).selectOption("de");
  await page.getByRole("button", { name: /^Besucher/ }).waitFor();
  expect(await language(page)).toBe("de");
  await page.getByRole("region", { name: "Geräte" }).getByText("Desktop").waitFor();
  await clean(page, "the overview");
  await page.getByRole("link", { name: "Einstellungen" }).click();
  await page.getByRole("tab", { name: "Schlüssel", exact: true }).click();
  await page.getByText("Neuer Schlüssel (read)").waitFor();
  await clean(page, "the settings");
  await page.goto(`${stage.server.demo.url}/data`);
  await page.getByRole("heading", { name: "Sammlungen" }).waitFor();
  await page.goto(`${stage.server.demo.url}/sites`);
  await page.getByRole("listitem").getByText("1 Besucher").waitFor();
  // What the server says in English, too.
  await page.goto(`${stage.server.demo.url}/operations`);
  await page
    .getByRole("row", { name: /^Unzustellbare Nachrichten In Ordnung 0 Nachrichten, die aufgegeben haben/ })
    .waitFor();
  await page.getByRole("row", { name: /^halb so viele Abfragen/ }).waitFor();
  await page.getByRole("button", { name: "Sammeln anhalten" }).click();
  await page.getByRole("button", { name: "Zeigen, was es tun würde" }).click();
  await page.getByText("Es würde nichts mehr gesammelt; was eingeht, würde warten.").waitFor();

  const austrian = await stage.look("/", { locale: "de-AT" });
  await austrian.getByRole("button", { name: /^Besucher/ }).waitFor();
  await austrian.goto(`${stage.server.demo.url}/?lang=en`);
  await austrian.getByRole("button", { name: /^Visitors/ }).waitFor();
  expect(await language(austrian)).toBe("en");
});

test("no page is wider than its screen, from 320 pixels to 4K, in the language of the longer words", async () => {
  const page = await stage.look("/?lang=de");
  await page.getByRole("link", { name: "Einstellungen" }).waitFor();
  for (const path of PATHS) {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto(stage.server.demo.url + path);
    await page.getByRole("main").waitFor();
    // Some are asked for when they come into view.
    const waiting = page.locator('[aria-label="Wird geladen"]');
    const inView = () => waiting.evaluateAll((all) => (all[0]?.scrollIntoView(), all.length));
    await expect.poll(inView, { message: path }).toBe(0);
    // On both sides of each width at which the head or a page is laid out anew. The narrow ones first: charts follow a wider screen when they
    // have heard of it.
    for (const width of [320, 360, 560, 561, 600, 640, 641, 768, 820, 821, 1023, 1024, 1440, 3840]) {
      await page.setViewportSize({ width, height: 800 });
      // What follows the width does so in a frame of its own.
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      await expect.poll(wide, { message: `${path} at ${width}` }).toBe(width);
      // Nor is its name cut, by what stands beside it, on a phone of today.
      const cut = () => page.locator("h1").evaluate((name) => name.scrollWidth > name.clientWidth);
      if (width === 360) await expect.poll(cut, { message: `${path}: its name` }).toBe(false);
    }
  }
});

test("on paper there is what the page says, without what can be done; where colours are forced what is chosen has a frame", async () => {
  const page = await stage.look("/", { colorScheme: "dark", reducedMotion: "reduce" });
  const card = page.getByRole("button", { name: /^Visitors/ });
  await card.waitFor();
  const style = (of: string, property: string) =>
    page
      .locator(of)
      .first()
      .evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property);
  expect(await style(".pulse", "animation-name")).toBe("none");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const name of ["Range", "Filter", "Theme", "Show as table", "Skip"])
    expect(await page.getByRole("button", { name: new RegExp(`^${name}`) }).isVisible(), name).toBe(false);
  expect(await page.getByRole("navigation", { name: "Pages" }).isVisible()).toBe(false);
  for (const name of ["Subscribe", "Watch"])
    expect(await page.getByRole("link", { name }).isVisible(), name).toBe(false);
  expect(await page.getByRole("combobox", { name: "Width of one point" }).isVisible()).toBe(false);
  expect(await card.isVisible()).toBe(true);
  expect(await style(".surface", "background-color")).toBe("rgb(255, 255, 255)");
  const overview = page.url();
  // A4 with margins, at 96 dots an inch.
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.goto(stage.server.address("/operations"));
  const checks = page.getByRole("group", { name: "Health checks" });
  await checks.waitFor();
  expect(await checks.evaluate((table) => table.scrollWidth - table.clientWidth)).toBe(0);
  await page.getByRole("heading", { name: "Put it right" }).waitFor({ state: "hidden" });
  await page.goto(stage.server.address("/data"));
  await page.getByRole("heading", { name: "Collections" }).waitFor();
  await page.getByRole("heading", { name: "Erase somebody" }).waitFor({ state: "hidden" });
  await page.goto(overview);
  await card.waitFor();
  await page.emulateMedia({ media: "screen", forcedColors: "active" });
  for (const chosen of [
    ".navigation-link[aria-current]",
    '.segmented [aria-checked="true"]',
    ".card[aria-pressed=true]",
  ])
    expect(await style(chosen, "outline-style"), chosen).toBe("solid");
});

test("where reading goes from right to left, so does the page; what is written from left to right stays so", async () => {
  const page = await stage.look("/");
  const row = page.getByRole("region", { name: "Pages" }).getByRole("button", { name: /^\/a/ });
  await row.waitFor();
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  const right = async (of: Locator) => {
    const box = await of.boundingBox();
    return box === null ? Number.NaN : Math.round(box.x + box.width);
  };
  expect(await right(page.getByRole("navigation", { name: "Pages" }))).toBe(1280);
  expect(await right(row.locator(".row-bar"))).toBe(await right(row));
  // It leads to what was before, which here is to the right.
  const previous = page.getByRole("button", { name: "Previous period" });
  expect(await previous.locator("svg").evaluate((icon) => getComputedStyle(icon).scale)).toBe("-1 1");
  expect(await previous.evaluate((button) => getComputedStyle(button).borderTopRightRadius)).not.toBe("0px");
  const width = page.getByRole("combobox", { name: "Width of one point" });
  expect(await width.evaluate((select) => getComputedStyle(select).backgroundPositionX)).toBe("6px");
  expect(await page.locator(".trend-chart").evaluate((chart) => getComputedStyle(chart).direction)).toBe("ltr");
  expect(await row.locator("bdi").evaluate((name) => getComputedStyle(name).direction)).toBe("ltr");
});
