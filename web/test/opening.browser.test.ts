import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { BOT, Stage } from "./support/stage.ts";

const HOUR = 3_600_000;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open({}, undefined, "filled");
  const at = Date.now() - HOUR;
  await stage.record([
    { at, path: "/", visitor: 1, visitPage: 1, referrer: "https://www.google.com/" },
    { at: at + 1_000, path: "/pricing", visitor: 1, visitPage: 2 },
    { at: at + 2_000, path: "/about", visitor: 2, visitPage: 1 },
    { at: at + 3_000, path: "/", visitor: 3, visitPage: 1, userAgent: BOT },
  ]);
  const { url } = stage.server.demo;
  // The code that answers it comes after the start, and the first numbers of all take longest.
  const page = await stage.blank();
  await page.goto(`${url}/sites`);
  const answer = () => page.evaluate(async () => (await fetch("/console/opening?range=7d")).text());
  await vi.waitFor(async () => expect(await answer()).toContain('"totals"'), { timeout: 60_000 });
  await stage.leave();
});

afterEach(() => stage.leave());
afterAll(() => stage?.close());

const card = (page: Page, name: string) =>
  page.getByRole("button", { name: new RegExp(`^${name}`) }).locator(".card-value");

/** Notes what the cards said in each frame, where that was another than in the one before. Runs in the page, so it is text. */
const WATCH = `
  const said = (window.said = []);
  const look = () => {
    const now = [...document.querySelectorAll(".card-value")].map(({ textContent }) => textContent).join(" ");
    if (now !== said.at(-1)) said.push(now);
    requestAnimationFrame(look);
  };
  look();
`;

/** What a card says, and where it does. */
const pictures = (cards: Element[]) =>
  cards.map((card) => {
    const { x, y, width, height } = card.getBoundingClientRect();
    return { says: (card as HTMLElement).innerText, x, y, width, height };
  });

test("who reads and the first numbers come in one answer, asked for by the page's head", async () => {
  const page = await stage.blank();
  const { url } = stage.server.demo;
  // Were anything of them asked for again, it would never come. (The beat of an open page is not of them: on a busy machine it may be due.)
  const asked: string[] = [];
  await page.route(/\/(console\/session|queries\/batch|projects\/[^/]+)$/, (route) => {
    asked.push(new URL(route.request().url()).pathname);
    return route.abort();
  });
  const openings: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/console/opening")) openings.push(request.resourceType());
  });
  await page.goto(`${url}/?range=7d`);
  await expect.poll(() => card(page, "Page views").textContent()).toBe("3");
  await expect.poll(() => card(page, "Visitors").textContent()).toBe("2");
  await expect.poll(() => page.getByRole("region", { name: "Pages" }).locator(".row").count()).toBe(3);
  expect(asked.filter((path) => !path.endsWith("/batch"))).toEqual([]);
  // The head's and the script's are one.
  expect(openings).toHaveLength(1);
});

test.for([
  { width: 1440, locale: "en-GB", each: "1.5" },
  { width: 1024, locale: "de-DE", each: "1,5" },
  { width: 360, locale: "de-DE", each: "1,5" },
])(
  "the cards stand there before the page's own code, and stay as they are: $locale, $width px",
  async ({ width, locale, each }) => {
    const page = await stage.blank({ locale, viewport: { width, height: 900 } });
    await page.addInitScript(WATCH);
    let letThrough = () => {};
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    await page.route(/\/assets\/app-.*\.js$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${stage.server.demo.url}/?range=7d`, { waitUntil: "commit" });
    const cards = page.locator(".card");
    await expect.poll(() => cards.allInnerTexts().then((texts) => texts.join())).toContain(each);
    expect(await page.getByRole("link").count()).toBe(0);
    const before = await cards.evaluateAll(pictures);
    expect(before).toHaveLength(7);
    letThrough();
    await page.locator(".panels .row").first().waitFor();
    expect(await cards.evaluateAll(pictures)).toEqual(before);
    // Nothing, and then the numbers: no frame had others, or none, in between.
    expect(await page.evaluate("window.said")).toEqual(["", expect.stringContaining(each)]);
  },
);

test("first are the cards that were chosen; where something of unknown height stands above them they wait for it", async () => {
  const page = await stage.blank();
  const { url, project } = stage.server.demo;
  await page.addInitScript((name) => localStorage.setItem(name, "views bounce"), `millrace-cards:${project}:web`);
  await page.route(/\/assets\/app-.*\.js$/, (route) => route.abort());
  await page.goto(`${url}/?range=7d`);
  await expect.poll(() => page.locator(".card-label").allTextContents()).toEqual(["Page views", "Bounce rate"]);
  const opening = (search: string) =>
    page.evaluate(async (address) => (await fetch(address)).json(), `/console/opening${search}`);
  expect(await opening("?range=7d")).toHaveProperty("head.totals.views", 3);
  for (const search of ["?range=7d&f=page:/pricing", "?range=custom&from=2001-01-01&to=2001-01-02"])
    expect(await opening(search)).not.toHaveProperty("head");
});

test("where no opening is made, who reads is asked by the page's head, once", async () => {
  const page = await stage.blank();
  await page.goto(`${stage.server.demo.url}/sites`);
  await page.getByRole("link", { name: /Demo/ }).first().waitFor();
  const asked = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/console/session'))";
  expect(await page.evaluate(`${asked}.map(({ initiatorType }) => initiatorType)`)).toEqual(["link"]);
});

test("what stands in the address of a page is no part of its markup", async () => {
  const { url } = stage.server.demo;
  const html = await (await fetch(`${url}/?f=page:"><script>&x=1`, { headers: { accept: "text/html" } })).text();
  expect(html).toContain('href="/console/opening?f=page:%22%3E%3Cscript%3E&amp;x=1"');
  expect(html.split("<script").length - 1).toBe(1);
});

test("a page that came with its numbers is renewed as any other", async () => {
  const page = await stage.blank();
  await page.clock.install({ time: Date.now() });
  await page.goto(`${stage.server.demo.url}/?range=24h`);
  await page.locator(".panels .row").first().waitFor();
  await stage.record([{ at: Date.now() - 1_000, path: "/new", visitor: 9, visitPage: 1 }]);
  const later = async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("pointerdown")));
    await page.clock.runFor(20_000);
    return card(page, "Page views").textContent();
  };
  await expect.poll(later).toBe("4");
});

test("only who is signed in gets it, and nobody keeps it", async () => {
  const page = await stage.blank();
  await page.goto(`${stage.server.demo.url}/sites`);
  const mine = await page.evaluate(async () => {
    const answer = await fetch("/console/opening");
    return { status: answer.status, cache: answer.headers.get("cache-control") };
  });
  expect(mine).toEqual({ status: 200, cache: "no-store" });
  const stranger = await fetch(`${stage.server.demo.url}/console/opening`);
  expect([stranger.status, await stranger.text()]).toEqual([204, ""]);
});

test("who brings a key reads by it, whoever is signed in", async () => {
  const page = await stage.blank();
  const { url, project, readKey } = stage.server.demo;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${url}/?range=7d#project=${project}&key=${readKey}`);
  await expect.poll(() => card(page, "Page views").textContent()).toMatch(/\d/);
  expect(asked.some((path) => path.endsWith("/queries/batch"))).toBe(true);
});
