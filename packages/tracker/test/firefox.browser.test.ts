import { launch, type Browser, type BrowserContext, type Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { findFirefox } from "../../../scripts/firefox.ts";
import { readTrackerBatch, readTrackerEvent } from "../../ingest/src/tracker/tracker-wire.ts";
import { builtTracker } from "../build.ts";
import { EXTRAS, scriptNamed, type Pieces } from "../pieces.ts";
import { servePages, startCollector, type Collector, type Running } from "./support/server.ts";

// The tracker's checks in another engine, under WebDriver BiDi. Each says what must arrive, and what must not.

const EVERYTHING = `t.${EXTRAS.join(".")}.js`;

let pieces: Pieces;
let browser: Browser;
let context: BrowserContext;
let collector: Collector;
let site: Running;
const pages = new Map<string, { html: string; headers?: Record<string, string> }>();

beforeAll(async () => {
  pieces = await builtTracker();
  browser = await launch({ browser: "firefox", executablePath: await findFirefox(), headless: true });
});
afterAll(() => browser.close());
beforeEach(async () => {
  pages.clear();
  collector = await startCollector((file) => scriptNamed(pieces, file));
  site = await servePages(pages);
  context = await browser.createBrowserContext();
});
afterEach(async () => {
  await context.close();
  for (const { body } of collector.received) readTrackerBatch(body).e.forEach(readTrackerEvent);
  await Promise.all([site.stop(), collector.stop()]);
});

const tag = (file: string, attributes = "") =>
  `<!doctype html><meta charset="utf-8"><title>Fox</title><script defer src="${collector.origin}/${file}" data-key="K" ${attributes}></script>`;
async function open(path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.origin + path);
  return page;
}
const settle = (page: Page) => page.evaluate("millrace.flush()");
const events = () => collector.accepted();
const names = () => events().map(({ n, a }) => (a === undefined ? n : `${n} ${a}`));
/** What was given up, and what came twice: neither may be. */
const ids = () => collector.received.flatMap(({ body }) => body.e.map(({ q }) => `${body.i}.${q}`));

test("a load is one view, posted without a preflight, a cookie or a parameter that names nobody's source", async () => {
  pages.set("/", { html: tag("t.js") });
  const page = await open("/?session=secret&utm_source=letter");
  await settle(page);
  expect(events()).toMatchObject([{ n: "pageviews", u: `${site.origin}/?utm_source=letter`, T: "Fox" }]);
  const [request] = collector.received;
  expect(request?.headers).toMatchObject({ "content-type": "text/plain;charset=UTF-8" });
  expect(request?.headers.cookie).toBeUndefined();
  expect(collector.log).toEqual(["GET /t.js", "POST /v1/e"]);
  expect(request?.text).not.toContain("secret");
});

test("single-page navigation: push and back are views, state alone and a tidied address are none", async () => {
  pages.set("/", { html: tag("t.js", `data-auto="page"`) });
  const page = await open("/?utm_source=x");
  await page.evaluate(() => {
    history.replaceState({ a: 1 }, "", "/");
    history.pushState(null, "", "/second");
    history.pushState({ b: 2 }, "", "/second");
  });
  await page.evaluate(() => new Promise((resolve) => (addEventListener("popstate", resolve), history.go(-2))));
  await settle(page);
  expect(events().map(({ n, u }) => [n, u?.slice(site.origin.length)])).toEqual([
    ["pageviews", "/?utm_source=x"],
    ["pageviews", "/second"],
    ["pageviews", "/"],
  ]);
});

test("a tab that is closed right after a click delivers all it has, whatever Firefox cuts short, under one identity each", async () => {
  pages.set("/", {
    html: `${tag(EVERYTHING)}<body><div data-widget="poll"><button data-track="buy">Buy</button></div><p style="height:3000px">x`,
  });
  // Firefox stops what a tab's handlers are doing when it is closed, at another place each time.
  for (let tab = 1; tab <= 6; tab++) {
    const page = await open("/");
    await page.click("button");
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => names().filter((name) => name === "buy").length).toBeGreaterThanOrEqual(tab);
  }
  const stored = new Set(ids()).size;
  expect(names()).toEqual(expect.arrayContaining(["pageviews", "widgets shown", "widgets interacted", "buy"]));
  const once = new Map(
    collector.received.flatMap(({ body }) => body.e.map((event) => [`${body.i}.${event.q}`, event.n])),
  );
  expect(once.size).toBe(stored);
  expect([...once.values()].filter((name) => name === "pageviews")).toHaveLength(6);
  expect([...once.values()].filter((name) => name === "buy")).toHaveLength(6);
});

test("what is more than one request may hold leaves in parts as the page is replaced, nothing twice", async () => {
  pages.set("/", { html: tag("t.js", `data-auto="page"`) });
  pages.set("/next", { html: "<title>Next</title>" });
  const page = await open("/");
  await page.evaluate(() => {
    const { millrace } = window as unknown as { millrace: { track(name: string, properties: object): void } };
    for (let i = 0; i < 10; i++) millrace.track("large", { i, text: "ü".repeat(2000) });
  });
  await page.goto(`${site.origin}/next`);
  await expect.poll(() => events().length).toBe(11);
  expect(collector.received.length).toBeGreaterThan(1);
  expect(new Set(ids()).size).toBe(ids().length);
});

test("a click in a shadow root counts, and no value of a field ever leaves", async () => {
  pages.set("/", {
    html: `${tag("t.actions.js")}<body><x-vote></x-vote><form name="contact" action="/sent"><input name="email" value="ann@secret.example"><button>Send</button></form>`,
  });
  pages.set("/sent", { html: "<title>Sent</title>" });
  const page = await open("/");
  await page.evaluate(() => {
    const root = document.querySelector("x-vote")?.attachShadow({ mode: "open" });
    if (root) root.innerHTML = `<button data-track="vote" data-track-choice="2">Vote</button>`;
    root?.querySelector("button")?.click();
  });
  await page.click("form button");
  await expect.poll(() => events().find(({ n }) => n === "form_submissions")?.x).toBe("contact");
  expect(events().find(({ n }) => n === "vote")?.p).toEqual({ choice: "2" });
  expect(collector.received.map(({ text }) => text).join()).not.toContain("secret");
});

test("works under a strict content security policy; with Global Privacy Control not one request", async () => {
  const policy = `default-src 'none'; script-src ${collector.origin}; connect-src ${collector.origin}`;
  pages.set("/", { html: tag("t.js", `data-auto="page"`), headers: { "Content-Security-Policy": policy } });
  await settle(await open("/"));
  expect(names()).toEqual(["pageviews"]);
  const private_ = await context.newPage();
  await private_.evaluateOnNewDocument(() => {
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true });
  });
  await private_.goto(`${site.origin}/`);
  await settle(private_);
  await private_.goto("about:blank");
  expect(collector.log.filter((line) => line.startsWith("POST"))).toHaveLength(1);
});
