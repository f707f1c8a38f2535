import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/chromium.ts";
import { ask, freePort, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

/** Headless Chromium says what it is, and is left out of reports; this one is a visitor. */
const VISITOR =
  "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder.path, await freePort());
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS, VISITOR] });
});
beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(60_000);
  page = await context.newPage();
  errors.length = 0;
  page.on("pageerror", (error) => errors.push(String(error)));
});
afterEach(() => context.close());
afterAll(async () => {
  await browser.close();
  await server.stop();
  await folder.remove();
});

const open = (path: string) => page.goto(`${server.demo.url}/demo${path}`);
const paths = async (collection: string): Promise<Record<string, number>> => {
  const rows = await ask(server.demo, "count", { event_collection: collection, group_by: "$page.path" }).catch(
    () => [],
  );
  return Object.fromEntries((rows as Record<string, never>[]).map((row) => [row["$page.path"], row["result"]]));
};

const widgets = async (): Promise<string[]> => {
  const fields = ["$widget", "$widget_version", "$widget_placement", "$widget_action"];
  const rows = await ask(server.demo, "count", { event_collection: "widgets", timeframe: "today", group_by: fields });
  return (rows as Record<string, string>[]).map((row) => fields.map((field) => row[field]).join(" "));
};

/** To another page, and until its scripts are there: what is clicked before the tracker is, is not recorded. */
const follow = async (name: string) => {
  await page.getByRole("link", { name }).click();
  await page.waitForURL(`**/demo/${name.toLowerCase()}`, { waitUntil: "load" });
};

test("what a visitor does on the site is recorded: pages, a part that never reloads, widgets, a form", async () => {
  await open("");
  await follow("Pricing");
  await page.getByLabel("Desks").fill("20");
  await page.getByRole("button", { name: "Start a trial" }).click();
  await page.getByText("Your trial has begun").waitFor();
  await follow("Guides");
  await page.getByRole("button", { name: "Yes" }).click();
  await follow("App");
  await page.getByRole("link", { name: /^Ideas/ }).click();
  await page.getByRole("button", { name: "New note" }).click();
  await page.goBack();
  await page.getByRole("heading", { name: "Boards" }).waitFor();
  await follow("Contact");
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Message").fill("secret words");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you.").waitFor();
  await page.close({ runBeforeUnload: true });

  await vi.waitFor(
    async () => {
      expect(await paths("pageviews")).toEqual({
        "/demo": 1,
        "/demo/pricing": 1,
        "/demo/guides": 1,
        "/demo/app": 2,
        "/demo/app/ideas": 1,
        "/demo/contact": 1,
      });
      expect(await paths("trials")).toEqual({ "/demo/pricing": 1 });
      expect(await paths("poll_votes")).toEqual({ "/demo/guides": 1 });
      expect(await paths("notes_created")).toEqual({ "/demo/app/ideas": 1 });
      expect(await widgets()).toEqual(
        expect.arrayContaining([
          "plan-calculator 2 pricing interacted",
          "plan-calculator 2 pricing converted",
          "helpful-poll 1 guides interacted",
          "helpful-poll 1 guides voted",
        ]),
      );
      expect(await paths("contact_requests")).toEqual({ "/demo/contact": 1 });
    },
    { timeout: 60_000, interval: 250 },
  );
  const [trial] = (await ask(server.demo, "extraction", { event_collection: "trials" })) as object[];
  expect(trial).toMatchObject({ plan: "harbour", seats: 20, monthly: 160 });
  expect(errors).toEqual([]);
});

test("a form that is sent as soon as it is there is kept by the page: what was written stays out of the address", async () => {
  // The page's own script is late, as on a slow line: whatever comes after it, the form too, waits for it.
  await page.route("**/demo/site.js", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await page.goto(`${server.demo.url}/demo/contact`, { waitUntil: "commit" });
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Message").fill("secret words");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you.").waitFor();
  expect(new URL(page.url()).search).toBe("");
});

test("nobody plays visitors without a session, nor by a form of another page", async () => {
  await open("");
  await page.getByRole("button", { name: "Play a day of visitors" }).click();
  await page.getByText("This browser has no session").waitFor();
  const response = await fetch(`${server.demo.url}/console/demo/traffic`, { method: "POST" });
  expect(response.status).toBe(401);
});

test("with a session a button plays a day, through the whole product and in the order of the day", async () => {
  const link = /http\S+\/console\/enter\S+/.exec(server.output())?.[0] ?? "";
  await context.request.get(link, { maxRedirects: 0 });
  await open("/pricing");
  await page.getByRole("button", { name: "Play a day of visitors" }).click();
  await page.getByText(/of [\d,]+ events …/).waitFor();
  // The first hours are a day old; what comes later is younger. It goes on meanwhile, so that nothing is settled.
  const yesterday = async (action: string) =>
    (await ask(server.demo, "count", {
      event_collection: "widgets",
      timeframe: "previous_24_hours",
      filters: [{ property_name: "$widget_action", operator: "eq", property_value: action }],
    })) as number;
  await vi.waitFor(
    async () => {
      for (const action of ["shown", "seen", "interacted", "converted", "voted"])
        expect(await yesterday(action), action).toBeGreaterThan(2);
    },
    { timeout: 60_000, interval: 500 },
  );
  const hours = (await ask(server.demo, "count", {
    event_collection: "pageviews",
    timeframe: "previous_24_hours",
    interval: "hourly",
  })) as { value: number }[];
  const filled = hours.flatMap(({ value }, hour) => (value > 0 ? [hour] : []));
  expect(Math.min(...filled)).toBeLessThan(6);
  expect(
    await ask(server.demo, "count", {
      event_collection: "pageviews",
      filters: [
        { property_name: "$geo.country", operator: "exists", property_value: true },
        { property_name: "$visit.start", operator: "exists", property_value: true },
      ],
    }),
  ).toBeGreaterThan(0);
});
