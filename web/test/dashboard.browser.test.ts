import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BOT, Stage } from "./support/stage.ts";

let stage: Stage;
/** Noon of yesterday, UTC: the same day for the zones that machines of ours are in, and finished. */
const YESTERDAY = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
const YEARS_AGO = Date.UTC(2015, 4, 17, 12);

beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

const card = (page: Page, label: string) => page.locator(".card", { hasText: label }).locator(".card-value");
const panel = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });
const shows = (page: Page, label: string, value: string) =>
  card(page, label)
    .filter({ hasText: new RegExp(`^${value}$`) })
    .waitFor();

describe("a project without events", () => {
  test("waits with what to paste, and opens by itself when the first event comes", async () => {
    const page = await stage.look();
    await page.getByText("Waiting for the first event").waitFor();
    const { url, project, writeKey } = stage.server.demo;
    const tag = await page.getByLabel("Script tag").textContent();
    expect(tag).toBe(`<script defer src="${url}/t.js" data-key="${writeKey}"></script>`);
    expect(await page.getByLabel("curl command").textContent()).toContain(`/3.0/projects/${project}/events/`);

    await stage.record(
      [
        { at: YESTERDAY, path: "/", visitor: 1, visitPage: 1, referrer: "https://www.google.com/" },
        { at: YESTERDAY + 60_000, path: "/pricing", visitor: 1, visitPage: 2 },
        { at: YESTERDAY, path: "/", visitor: 2, visitPage: 1 },
        { at: YESTERDAY, path: "/docs", visitor: 3, visitPage: 1 },
        { at: YESTERDAY, path: "/", visitor: 4, visitPage: 1, userAgent: BOT },
        { at: YEARS_AGO, path: "/old", visitor: 5, visitPage: 1 },
      ],
      { signups: [{ plan: "pro", keen: { timestamp: new Date(YESTERDAY).toISOString() } }] },
    );
    await shows(page, "Page views", "4");
  });
});

describe("the numbers", () => {
  test("cards count people, and say so for everything and for bots", async () => {
    const page = await stage.look("/?range=7d");
    await shows(page, "Visitors", "3");
    await shows(page, "Visits", "3");
    await shows(page, "Bounce rate", "67%");
    await page.getByRole("radio", { name: "All" }).click();
    await shows(page, "Page views", "5");
    await page.getByRole("radio", { name: "Bots" }).click();
    await shows(page, "Page views", "1");
    expect(page.url()).toContain("bots=bots");
  });

  test("panels list pages, sources, devices and events", async () => {
    const page = await stage.look("/?range=7d");
    await panel(page, "Pages").getByRole("button", { name: "/ 2" }).waitFor();
    await panel(page, "Sources").getByText("Organic Search").waitFor();
    await panel(page, "Devices").getByText("Desktop").waitFor();
    await panel(page, "Events").getByText("signups").waitFor();
  });

  test("the table holds the chart's numbers", async () => {
    const page = await stage.look("/?range=7d&metric=views");
    await page.getByRole("button", { name: "Show as table" }).click();
    const table = page.getByRole("region", { name: "Page views as a table" });
    await table.getByRole("cell", { name: "4", exact: true }).waitFor();
    expect(await table.getByRole("row").count()).toBe(8);
  });

  test("the ledger line adds up", async () => {
    const page = await stage.look();
    await page.getByRole("button", { name: /Every event is accounted for.*7 accepted.*7 stored.*0 in flight/ }).click();
    await page.getByRole("dialog", { name: "Ledger" }).getByRole("row").nth(1).waitFor();
  });
});

describe("filters", () => {
  test("a row filters the whole page, the address keeps it, Back takes it away", async () => {
    const page = await stage.look("/?range=7d");
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).click();
    await shows(page, "Page views", "1");
    expect(new URL(page.url()).search).toBe("?range=7d&f=page:/pricing");
    await page.getByRole("button", { name: "Remove filter: Page is /pricing" }).waitFor();
    // One page out of a visit says nothing about the whole visit.
    await shows(page, "Bounce rate", "–");

    const copy = await stage.look(page.url().slice(stage.server.demo.url.length));
    await shows(copy, "Page views", "1");

    await page.goBack();
    await shows(page, "Page views", "4");
    expect(new URL(page.url()).search).toBe("?range=7d");
  });

  test("a second click on the row undoes the first; with Alt it leaves the row out", async () => {
    const page = await stage.look("/?range=7d");
    const row = panel(page, "Pages").getByRole("button", { name: "/docs" });
    await row.click();
    await shows(page, "Page views", "1");
    await row.click();
    await shows(page, "Page views", "4");
    await row.click({ modifiers: ["Alt"] });
    await shows(page, "Page views", "3");
  });

  test("an event can be broken down by its own properties", async () => {
    const page = await stage.look("/?range=7d");
    const events = panel(page, "Events");
    await events.getByRole("button", { name: "signups" }).click();
    await shows(page, "Events", "1");
    await events.getByRole("combobox").selectOption("plan");
    await events.getByRole("button", { name: "pro" }).waitFor();
  });
});

describe("ranges", () => {
  test("an empty range says where the data is and leads there", async () => {
    const page = await stage.look("/?range=custom&from=2012-01-01&to=2012-01-31");
    await page.getByText("No events in this range.").waitFor();
    await page.getByText("17 May 2015").waitFor();
    await page.getByRole("button", { name: "Show all time" }).click();
    await shows(page, "Page views", "5");
    await panel(page, "Pages").getByText("/old").waitFor();
  });

  test("keys choose ranges, but not while typing nor with a modifier", async () => {
    const page = await stage.look("/?range=7d");
    await shows(page, "Page views", "4");
    await page.keyboard.press("a");
    await page.waitForURL(/range=all/);
    await page.keyboard.press("Control+e");
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("dwe");
    expect(page.url()).toContain("range=all");
    // The first Escape empties the field, the second closes the dialog.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("e");
    await page.waitForURL(/range=yesterday/);
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/range=custom/);
  });
});

describe("failures", () => {
  test("a panel fails alone, says why, and recovers", async () => {
    const page = await stage.blank();
    let broken = true;
    await page.route("**/queries/multi_analysis", (route) =>
      broken && route.request().postData()?.includes('"$device"')
        ? route.fulfill({ status: 400, json: { message: "The disk is full.", error_code: "UnsupportedQueryError" } })
        : route.fallback(),
    );
    await page.goto(`${stage.server.demo.url}/?range=7d`);
    const devices = panel(page, "Devices");
    await devices.getByText("The disk is full.").waitFor();
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).waitFor();
    await shows(page, "Page views", "4");
    broken = false;
    await devices.getByRole("button", { name: "Try again" }).click();
    await devices.getByText("Desktop").waitFor();
  });

  test("without a session a read key opens the project, and nothing is stored in the browser", async () => {
    const page = await stage.blank();
    await page.route("**/console/session", (route) =>
      route.fulfill({ status: 401, json: { message: "No.", error_code: "InvalidApiKeyError" } }),
    );
    const { url, project, readKey } = stage.server.demo;
    await page.goto(`${url}/?range=7d`);
    await page.getByLabel("Project id").fill(project);
    await page.getByLabel("Read key").fill("WRONG");
    await page.getByRole("button", { name: "Open dashboard" }).click();
    await page.getByRole("button", { name: "Use another key" }).click();
    await page.getByLabel("Project id").fill(project);
    await page.getByLabel("Read key").fill(readKey);
    await page.getByRole("button", { name: "Open dashboard" }).click();
    await shows(page, "Page views", "4");
    // The fragment keeps the key over a reload; it is not sent to the server.
    await page.reload();
    await shows(page, "Page views", "4");
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      "",
    ]);
  });
});

describe("every screen and reader", () => {
  test.each([360, 768, 1920])("nothing scrolls sideways at %i pixels", async (width) => {
    const page = await stage.look("/?range=7d", { viewport: { width, height: 800 } });
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  test("every control has a name", async () => {
    const page = await stage.look("/?range=7d&f=page!:/x");
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).waitFor();
    const unnamed = await page.$$eval("button, select, input", (controls) =>
      controls
        .filter((c) => !c.getAttribute("aria-label") && !c.textContent.trim() && !c.closest("label"))
        .map((c) => c.outerHTML),
    );
    expect(unnamed).toEqual([]);
  });

  test("no error reaches the console in either theme", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await stage.blank({ colorScheme });
      const errors: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`${stage.server.demo.url}/?range=7d`);
      await page.locator(".recharts-surface").first().waitFor();
      await shows(page, "Page views", "4");
      expect(errors).toEqual([]);
    }
  });
});
