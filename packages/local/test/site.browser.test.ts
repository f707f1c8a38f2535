import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/chromium.ts";
import { ask, freePort, ledgerTotals, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

/**
 * A browser that is not taken for a robot: headless Chromium says what it is. A flag, since Playwright's own way does not reach
 * what a page sends while it is being replaced.
 */
const VISITOR =
  "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let site: Server;
let origin: string;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder.path, await freePort());
  site = createServer((request, response) => {
    if (request.url === "/favicon.ico") return void response.writeHead(404).end();
    const html = request.url?.startsWith("/long") ? longPage() : page();
    response.setHeader("Content-Type", "text/html; charset=utf-8").end(html);
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS, VISITOR] });
});
beforeEach(async () => {
  context = await browser.newContext();
  // Shorter than a test, so that a failure names the step that waited in vain.
  context.setDefaultTimeout(60_000);
  await context.route("https://elsewhere.example/**", (route) => route.fulfill({ body: "elsewhere" }));
});
afterEach(() => context.close());
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
  await server.stop();
  await folder.remove();
});

/** The dashboard's address as the terminal prints it. */
function printedLink(): string {
  const link = /http\S+\/console\/enter\S+/.exec(server.output())?.[0];
  if (link === undefined) throw new Error(`No link in:\n${server.output()}`);
  return link;
}

/** The tag exactly as the terminal prints it. */
function printedTag(): string {
  const tag = /<script .*<\/script>/.exec(server.output())?.[0];
  if (tag === undefined) throw new Error(`No script tag in:\n${server.output()}`);
  return tag;
}

const page = () => `<!doctype html><html><head><title>Shop</title>${printedTag()}</head><body>
  <a id="next" href="/pricing">Pricing</a>
  <a id="out" href="https://elsewhere.example/docs?secret=1">Docs</a>
  <button id="buy" data-track="purchase" data-track-plan="pro">Buy</button></body></html>`;

/** A widget in sight, one far below it, and a frame that claims to be one; the page allows no frame to. */
const longPage = () => `<!doctype html><title>Long</title>${printedTag().replace("/t.js", "/t.scroll.widgets.js")}<body>
  <div data-widget="poll" data-widget-version="2" data-widget-placement="top">
    <input name="mail" value="ann@secret.example"><button data-widget-convert>Vote</button></div>
  <iframe src="https://elsewhere.example/frame"></iframe><p style="height:6000px"></p><div data-widget="deep">deep</div>`;

const card = (page: Page, label: string) => page.locator(".card", { hasText: label }).locator(".card-value");
const panel = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });
const count = (collection: string) => ask(server.demo, "count", { event_collection: collection });

async function pathsOf(collection: string): Promise<string[]> {
  const events = await ask(server.demo, "extraction", { event_collection: collection, standard_fields: true });
  return (events as { $page: { path: string } }[]).map((event) => event.$page.path);
}

/** Everything that goes wrong on a page: errors on its console, exceptions, requests that failed or were refused. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}

test("a page with the printed tag: the waiting dashboard turns live, and views and clicks are in the store and on it", async () => {
  const dashboard = await context.newPage();
  const complaints = complaintsOf(dashboard);
  await dashboard.goto(printedLink());
  await dashboard.getByText("Waiting for the first event").waitFor();
  expect(await dashboard.getByLabel("Script tag").textContent()).toBe(printedTag());

  const page = await context.newPage();
  const onPage = complaintsOf(page);
  await page.goto(`${origin}/start?utm_source=letter&session=secret`);
  await page.click("#buy");
  await page.click("#next");
  await page.waitForURL("**/pricing");
  await page.click("#out");
  await page.waitForURL("https://elsewhere.example/**");
  await page.close();
  // What was sent as the page went may come behind everything else: a ledger that is even has not seen it.
  const counts = () => Promise.all(["pageviews", "purchase", "outbound_clicks"].map(count));
  await expect.poll(counts).toEqual([2, 1, 1]);
  await settled(server.demo);

  expect(await ask(server.demo, "count", { event_collection: "purchase", group_by: "plan" })).toEqual([
    { plan: "pro", result: 1 },
  ]);
  const clicks = (await ask(server.demo, "extraction", {
    event_collection: "outbound_clicks",
    standard_fields: true,
  })) as object[];
  expect(JSON.stringify(clicks)).toContain("https://elsewhere.example/docs");
  const views = JSON.stringify(
    await ask(server.demo, "extraction", { event_collection: "pageviews", standard_fields: true }),
  );
  expect(views).toContain("utm_source=letter");
  expect(views + JSON.stringify(clicks)).not.toContain("secret");

  // It was never reloaded. A page that nobody touches renews ever more rarely, so somebody does, as one who looks at it would.
  await dashboard.bringToFront();
  const seen = [
    panel(dashboard, "Pages").getByText("/pricing"),
    panel(dashboard, "Events").getByText("purchase"),
    panel(dashboard, "Events").getByText("outbound_clicks"),
    card(dashboard, "Page views").filter({ hasText: /^2$/ }),
    card(dashboard, "Visitors").filter({ hasText: /^1$/ }),
  ];
  const missing = async () => {
    await dashboard.mouse.click(2, 2);
    const visible = await Promise.all(seen.map((part) => part.isVisible()));
    return visible.filter((isVisible) => !isVisible).length;
  };
  await expect.poll(missing, { timeout: 120_000, interval: 1_000 }).toBe(0);
  await dashboard.getByRole("button", { name: /^Complete to/ }).waitFor();
  expect([complaints, onPage]).toEqual([[], []]);
});

test("a tab closed right after a click loses nothing", async () => {
  const paths = Array.from({ length: 8 }, (_, tab) => `/tab-${tab}`);
  for (const path of paths) {
    const page = await context.newPage();
    await page.goto(origin + path);
    await page.click("#buy");
    await page.close({ runBeforeUnload: true });
  }
  for (const collection of ["purchase", "pageviews"]) {
    await expect.poll(() => pathsOf(collection)).toEqual(expect.arrayContaining(paths));
  }
  const totals = await settled(server.demo);
  expect(totals.accepted).toBe(totals.stored + totals.duplicate);
});

test("widgets and scroll depth go the whole way; what was not seen, not allowed or not scrolled to is not in the store", async () => {
  const claim = `<script>parent.postMessage({ millrace: "intruder", action: "converted" }, "*"); parent.told = 1</script>`;
  await context.route("https://elsewhere.example/frame", (route) =>
    route.fulfill({ contentType: "text/html", body: claim }),
  );
  const byWidget = async () => {
    const rows = await ask(server.demo, "count", {
      event_collection: "widgets",
      group_by: ["$widget", "$widget_version", "$widget_placement", "$widget_action"],
    });
    return (rows as Record<string, string | number | null>[]).map((row) => Object.values(row).join(" ")).toSorted();
  };
  const still = await context.newPage();
  await still.goto(`${origin}/long/still`);
  await still.click("button");
  await still.fill("input", "bob@secret.example");
  // Seen is what was half visible for a second.
  const seen = async () => {
    await still.evaluate("millrace.flush()");
    return byWidget().catch(() => []);
  };
  await expect.poll(seen).toContain("poll 2 top seen 1");
  await still.close({ runBeforeUnload: true });
  // All there is, of the poll and of the widget below: nothing of a frame that is not allowed, and nobody went down there.
  const expected = [
    "deep   shown 1",
    ...["converted", "interacted", "seen", "shown"].map((step) => `poll 2 top ${step} 1`),
  ];
  await expect.poll(byWidget).toEqual(expected);

  const scrolled = await context.newPage();
  await scrolled.goto(`${origin}/long/scrolled`);
  // A page that is left within a tenth of a second tells nothing of itself, and a quick machine had left it.
  await scrolled.evaluate("new Promise((later) => (scrollTo(0, document.body.scrollHeight), setTimeout(later, 300)))");
  await scrolled.goto("about:blank");
  const depths = async () => {
    const rows = await ask(server.demo, "sum", {
      event_collection: "engagement",
      target_property: "$scroll",
      group_by: "$page.path",
    });
    const pages = (rows as { "$page.path": string; result: number }[]).filter((row) =>
      row["$page.path"].startsWith("/long"),
    );
    return Object.fromEntries(pages.map((row) => [row["$page.path"], row.result]));
  };
  await expect.poll(depths).toMatchObject({ "/long/scrolled": 100 });
  expect((await depths())["/long/still"]).toBeLessThan(50);

  const totals = await settled(server.demo);
  expect(totals.accepted).toBe(totals.stored + totals.duplicate);
  const stored = await ask(server.demo, "extraction", { event_collection: "widgets", standard_fields: true });
  expect(JSON.stringify(stored)).not.toContain("secret");
});

test("with Global Privacy Control not one event is sent", async () => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true });
  });
  const before = await settled(server.demo);
  const sent: string[] = [];
  context.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.url());
  });
  const page = await context.newPage();
  await page.goto(`${origin}/private`);
  await page.click("#buy");
  await page.click("#next");
  await page.waitForURL("**/pricing");
  await page.goto("about:blank");
  expect(sent).toEqual([]);
  expect(await ledgerTotals(server.demo)).toEqual(before);
});

test("a server that is gone and comes back gets what was clicked in between", async () => {
  const clicks = Number(await count("purchase"));
  const page = await context.newPage();
  await page.goto(`${origin}/patient`);
  await page.evaluate("millrace.flush()");
  const { port } = new URL(server.demo.url);
  await server.kill();
  await page.click("#buy");
  await page.evaluate("millrace.flush()");
  server = await startServer(folder.path, Number(port));
  await expect.poll(() => count("purchase")).toBe(clicks + 1);
  const totals = await settled(server.demo);
  expect(totals.accepted).toBe(totals.stored + totals.duplicate);
});
