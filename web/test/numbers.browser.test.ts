import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { CHROME, Stage, type View } from "./support/stage.ts";

// Every number that a page can contradict itself with, against a computation of its own from the visits below.

let stage: Stage;
const DAY_MS = 86_400_000;
/** Noon of yesterday, UTC: finished, and the same day in the zones that machines of ours are in. */
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
const LONG_AGO = Date.UTC(2015, 4, 17, 12);

interface Visit {
  readonly visitor: number;
  readonly pages: readonly string[];
  readonly query?: string;
  readonly referrer?: string;
  /** Whether somebody left an address, on the last page. */
  readonly lead?: boolean;
  readonly timezone?: string;
}

const AUTUMN = "?utm_source=google&utm_medium=cpc&utm_campaign=autumn";
const VISITS: readonly Visit[] = [
  { visitor: 1, pages: ["/", "/pricing"], query: AUTUMN, lead: true, timezone: "Europe/Berlin" },
  { visitor: 2, pages: ["/"], query: AUTUMN, lead: true, timezone: "Europe/Berlin" },
  { visitor: 3, pages: ["/", "/pricing", "/docs"], referrer: "https://duckduckgo.com/", timezone: "Europe/Paris" },
  { visitor: 4, pages: ["/pricing"], timezone: "Asia/Singapore" },
  { visitor: 5, pages: ["/pricing"] },
];
const BURST = { path: "/post", visitPage: 1, referrer: "https://news.ycombinator.com/" };
const viewsOf = ({ visitor, pages, query = "", referrer, timezone }: Visit): View[] =>
  pages.map((path, at) => ({
    at: NOON + visitor * 1_000 + at * 60_000,
    path: at === 0 ? path + query : path,
    visitor,
    visitPage: at + 1,
    ...(at === 0 && referrer !== undefined && { referrer }),
    ...(timezone !== undefined && { timezone }),
  }));

/** Another day, of deeper pages; the second of the visitors has another browser. */
const DEEP = LONG_AGO + 10 * DAY_MS;
const DEEP_DAY = "/?range=custom&from=2015-05-27&to=2015-05-27&compare=off";
const DEEP_VISITS: readonly Visit[] = [
  { visitor: 11, pages: ["/guide/a", "/guide/b", "/blog/x"] },
  { visitor: 12, pages: ["/guide/a"] },
  { visitor: 13, pages: ["/blog/", "/about"] },
];
const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0";
const READ = [
  { path: "/guide/a", engaged_ms: 30_000, scroll: 80 },
  { path: "/guide/a", engaged_ms: 10_000, scroll: 20 },
  { path: "/blog/x", engaged_ms: 65_000, scroll: 100 },
];
const LOADS = [
  { path: "/guide/a", lcp: 1_000, cls: 0.02 },
  { path: "/guide/a", lcp: 2_000, cls: 0.3 },
  { path: "/guide/b", lcp: 5_000, cls: 0.04 },
  { path: "/guide/a", lcp: 3_000, cls: 0.01 },
];
const ERRORS = ["too far", "broken", "too far"].map((message) => ({ message, kind: "Error", place: "/app.js:1:2" }));
const visitorsOf = (matches: (path: string) => boolean) =>
  DEEP_VISITS.filter(({ pages }) => pages.some(matches)).length;

beforeAll(async () => {
  stage = await Stage.open();
  const leads = VISITS.filter(({ lead }) => lead).map(({ visitor, query = "", pages }) => ({
    amount: 10 * visitor,
    keen: { timestamp: new Date(NOON + visitor * 1_000 + 600_000).toISOString() },
    $context: {
      ip: `203.0.113.${visitor}`,
      user_agent: CHROME,
      visit_id: `visit-${visitor}`,
      visit_url: `https://example.com${pages[0]}${query}`,
    },
  }));
  const ofAServer = { amount: 5, keen: { timestamp: new Date(NOON).toISOString() } };
  await stage.record(VISITS.flatMap(viewsOf), { leads: [...leads, ofAServer] });
  const old = Array.from({ length: 520 }, (_, n) => ({ at: LONG_AGO, path: `/n/${n}`, visitor: 9, visitPage: n + 1 }));
  const at = { timestamp: new Date(DEEP).toISOString() };
  const on = (path: string, read = {}) => ({
    keen: at,
    $context: { url: `https://example.com${path}`, ip: "203.0.113.12", user_agent: FIREFOX, ...read },
  });
  await stage.record(
    DEEP_VISITS.flatMap(viewsOf).map((view) => ({
      ...view,
      at: view.at - NOON + DEEP,
      ...(view.visitor === 12 && { userAgent: FIREFOX }),
    })),
    {
      engagement: READ.map(({ path, ...read }) => on(path, read)),
      web_vitals: LOADS.map(({ path, ...told }) => ({ ...on(path), ...told })),
      script_errors: ERRORS.map((error) => ({ ...on("/guide/a"), ...error })),
      not_found: [on("/gone"), on("/gone")],
      requests: [404, 200].map((status) => ({ ...on(`/old/${status}`), response: { status } })),
    },
  );
  const rare = { at: LONG_AGO, path: "/z/Merry-Christmas?x=1", visitor: 9, visitPage: 999 };
  await stage.record([...old, ...old.map((view) => ({ ...view, at: view.at + 1 })), rare]);
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

const RANGE = "/?range=7d";
const card = (page: Page, label: string) => page.locator(".card", { hasText: label }).locator(".card-value");
const shows = (page: Page, label: string, value: string) =>
  card(page, label)
    .filter({ hasText: new RegExp(`^${value}$`) })
    .waitFor();
const panel = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

/** Waits until a panel that is asked to list something shows these rows. */
async function lists(page: Page, title: string, listed: string, rows: Record<string, number>): Promise<void> {
  const region = panel(page, title);
  await region.getByRole("combobox").selectOption({ label: listed });
  const shown = async () => {
    const names = await region.locator(".row-name").allTextContents();
    const counts = await region.locator(".row-count").allTextContents();
    return Object.fromEntries(names.map((name, at) => [name, Number(counts[at])]));
  };
  await expect.poll(shown).toEqual(rows);
}

test(
  "a conversion has the source, channel, campaign and entry of its visit; one of a server has none",
  { tags: "deployed" },
  async () => {
    const page = await stage.look(`${RANGE}&f=event:leads`);
    await shows(page, "Events", "3");
    await lists(page, "Sources", "Channels", { "Paid Search": 2, Unknown: 1 });
    await lists(page, "Sources", "Sources", { Google: 2, "Direct or unknown": 1 });
    await lists(page, "Sources", "Campaigns", { autumn: 2, "No campaign": 1 });
    await lists(page, "Sources", "UTM sources", { google: 2, None: 1 });
    await lists(page, "Sources", "UTM media", { cpc: 2, None: 1 });
    await lists(page, "Pages", "Entry pages", { "/": 2, Unknown: 1 });
  },
);

test("a filter by a word of the address that began a visit keeps whole visits", async () => {
  const page = await stage.look(`${RANGE}&f=medium:cpc`);
  const kept = VISITS.filter(({ query }) => query === AUTUMN);
  await shows(page, "Page views", String(kept.flatMap(({ pages }) => pages).length));
  await shows(page, "Visits", String(kept.length));
});

test("directories are counted by visitors, and one that is chosen lists what is in it", async () => {
  const page = await stage.look(DEEP_DAY);
  const inGuide = (path: string) => path.startsWith("/guide/");
  await lists(page, "Pages", "Directories", {
    "/guide/": visitorsOf(inGuide),
    "/blog/": visitorsOf((path) => path.startsWith("/blog/")),
    "/about": visitorsOf((path) => path === "/about"),
  });
  await panel(page, "Pages")
    .getByRole("button", { name: /^\/guide\// })
    .click();
  await shows(page, "Page views", String(DEEP_VISITS.flatMap(({ pages }) => pages).filter(inGuide).length));
  await shows(page, "Visitors", String(visitorsOf(inGuide)));
  expect(new URL(page.url()).searchParams.get("f")).toBe("page^:/guide/");
  await lists(page, "Pages", "Directories", {
    "/guide/a": visitorsOf((path) => path === "/guide/a"),
    "/guide/b": visitorsOf((path) => path === "/guide/b"),
  });
});

test("versions are those of their browser, as rows and as filters", async () => {
  const page = await stage.look(DEEP_DAY);
  await lists(page, "Devices", "Browser versions", { "Chrome 126": 2, "Firefox 115": 1 });
  // Each with its browser's mark, which is decoration, and asked of nobody else.
  const drawn = panel(page, "Devices").locator('.mark[aria-hidden="true"] img[alt=""]');
  const widths = () =>
    drawn.evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth > 0));
  await expect.poll(widths).toEqual([true, true]);
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  expect(asked.filter((name) => !name.startsWith(stage.server.demo.url))).toEqual([]);
  await panel(page, "Devices")
    .getByRole("button", { name: /^Firefox 115/ })
    .click();
  await shows(page, "Visitors", "1");
  expect(new URL(page.url()).searchParams.getAll("f")).toEqual(["browser:Firefox", 'browser-version:"115"']);
});

test("pages that were not found are told by the site and by access logs", async () => {
  const page = await stage.look(DEEP_DAY);
  await lists(page, "Pages", "Pages not found", { "/gone": 2, "/old/404": 1 });
});

test("the list of pages says how long each was looked at, and how far down", async () => {
  const page = await stage.look(`${DEEP_DAY}&more=page`);
  const dialog = page.getByRole("dialog", { name: "Pages" });
  await dialog.getByRole("button", { name: "Time on page" }).click();
  const rows = dialog.locator("tbody tr");
  const views = DEEP_VISITS.flatMap(({ pages }) => pages).filter((path) => path === "/guide/a").length;
  const read = READ.filter(({ path }) => path === "/guide/a");
  const mean = (of: "engaged_ms" | "scroll") => read.reduce((sum, each) => sum + each[of], 0) / views;
  await expect
    .poll(async () => [
      await rows.nth(0).locator("td").allTextContents(),
      await rows.nth(1).locator("td").allTextContents(),
    ])
    .toEqual([
      ["1", "1", "1m 05s", "100%"],
      ["2", String(views), `${mean("engaged_ms") / 1_000}s`, `${mean("scroll")}%`],
    ]);
});

test("web vitals are told at their 75th percentile, with shares, by page; errors by message with their events", async () => {
  const page = await stage.look(DEEP_DAY.replace("/?", "/vitals?"));
  const nearest = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.75) - 1] ?? Number.NaN;
  const seconds = (rows: typeof LOADS) => `${nearest(rows.map(({ lcp }) => lcp)) / 1_000} s`;
  const share = (of: (lcp: number) => boolean) =>
    `${(100 * LOADS.filter(({ lcp }) => of(lcp)).length) / LOADS.length}%`;
  const words = [
    `${share((lcp) => lcp <= 2_500)} good`,
    `${share((lcp) => lcp > 2_500 && lcp <= 4_000)} needs work`,
    `${share((lcp) => lcp > 4_000)} poor`,
  ].join(", ");
  await page.getByRole("button", { name: `LCP ${seconds(LOADS)} needs work ${words}` }).waitFor();
  const rowsOf = (table: string) =>
    page.getByRole("group", { name: table, exact: true }).locator("tbody tr").allTextContents();
  const ofPage = (path: string) => LOADS.filter((load) => load.path === path);
  await expect
    .poll(() => rowsOf("LCP by page"))
    .toEqual(["/guide/a", "/guide/b"].map((path) => expect.stringMatching(`^${path}${seconds(ofPage(path))}`)));

  await page.getByRole("button", { name: /^CLS/ }).click();
  await expect.poll(() => rowsOf("CLS by device")).toEqual([expect.stringMatching(/^Desktop0\.04.*301$/)]);
  await expect.poll(async () => (await rowsOf("Script errors"))[0]).toMatch(/^too far\/app\.js:1:221/);
  await page.getByRole("link", { name: "too far" }).click();
  await page.getByText("The latest 2 of 2.").waitFor();
});

test("the last page of each visit, also of one whose last page came late", async () => {
  await stage.record([{ at: DEEP + 3_600_000, path: "/late", visitor: 12, visitPage: 2, userAgent: FIREFOX }]);
  const page = await stage.look(DEEP_DAY);
  const last = DEEP_VISITS.map(({ visitor, pages }) => (visitor === 12 ? "/late" : pages.at(-1)));
  await lists(page, "Pages", "Exit pages", Object.fromEntries(last.map((path) => [path, 1])));
});

test("a filter by campaign keeps whole visits, with all they did", async () => {
  const page = await stage.look(`${RANGE}&f=campaign:autumn`);
  const kept = VISITS.filter(({ query }) => query === AUTUMN);
  const views = kept.flatMap(({ pages }) => pages).length;
  await shows(page, "Visits", String(kept.length));
  await shows(page, "Page views", String(views));
  await shows(page, "Events", String(views + kept.filter(({ lead }) => lead).length));
  await shows(page, "Bounce rate", "0%");
});

test(
  "under a filter by page, visits are those that saw it: never fewer than visitors",
  { tags: "deployed" },
  async () => {
    const page = await stage.look(`${RANGE}&f=page:/pricing`);
    const saw = VISITS.filter(({ pages }) => pages.includes("/pricing"));
    const bounced = saw.filter(({ pages, lead }) => pages.length === 1 && !lead);
    await shows(page, "Visits", String(saw.length));
    await shows(page, "Visitors", String(saw.length));
    await shows(page, "Page views", String(saw.length));
    await shows(page, "Bounce rate", `${(100 * bounced.length) / saw.length}%`);
    await lists(page, "Sources", "Channels", { "Paid Search": 1, "Organic Search": 1, Direct: 2 });
  },
);

test("sources add up to the visits, and somebody who did something did not bounce", { tags: "deployed" }, async () => {
  const page = await stage.look(RANGE);
  await shows(page, "Visits", String(VISITS.length));
  const bounced = VISITS.filter(({ pages, lead }) => pages.length === 1 && !lead);
  await shows(page, "Bounce rate", `${(100 * bounced.length) / VISITS.length}%`);
  await lists(page, "Sources", "Channels", { "Paid Search": 2, Direct: 2, "Organic Search": 1 });
  await lists(page, "Sources", "Sources", { Google: 2, "Direct or unknown": 2, DuckDuckGo: 1 });
  await lists(page, "Pages", "Entry pages", { "/": 3, "/pricing": 2 });
});

test("the map tells each country's number, and which it cannot show; its keys walk from the largest to the smallest", async () => {
  const page = await stage.look(RANGE);
  const map = panel(page, "Countries").getByRole("group", { name: "Map of visitors by country" });
  const countries = map.getByRole("button");
  await countries.first().waitFor();
  const of = (zone?: string) => VISITS.filter(({ timezone }) => timezone === zone).length;
  expect(await countries.evaluateAll((each) => each.map((country) => country.getAttribute("aria-label")))).toEqual([
    `Germany: ${of("Europe/Berlin")} (40%)`,
    `France: ${of("Europe/Paris")} (20%)`,
  ]);
  const told = panel(page, "Countries").locator("figcaption");
  expect(await told.textContent()).toBe("Country unknown: 1. Too small for the map: Singapore 1.");
  await countries.first().focus();
  await page.keyboard.press("ArrowRight");
  expect(await told.textContent()).toBe("France: 1 (20%)");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove filter: Country is France" }).waitFor();
  await shows(page, "Page views", "3");
  await map.getByRole("button", { name: "France", pressed: true }).waitFor();
  // What is listed beside it is not what the map shows.
  await panel(page, "Countries").getByRole("combobox").selectOption({ label: "Languages" });
  await map.waitFor({ state: "detached" });
});

test("the hours of the week are averages of those that have passed, asked for when they come near", async () => {
  const page = await stage.look("/?range=custom&from=2015-05-11&to=2015-05-24");
  const week = panel(page, "Hours of the week");
  await week.scrollIntoViewIfNeeded();
  const row = week.getByRole("group", { name: "Hours of the week as a table" }).getByRole("row", { name: /^Sun/ });
  await row.waitFor();
  // Two Sundays: everything was on the first, all of it in the hour from noon.
  const noon = (2 * 520 + 1) / 2;
  const cells = await row.getByRole("cell").allTextContents();
  expect(cells.length).toBe(24);
  expect(cells[12]).toBe(String(Math.round(noon)));
  expect(cells.filter((cell) => cell !== "0")).toHaveLength(1);
});

test("of events, too, the rows say what part of who did it reached the goal, on a site of pages and one of events", async () => {
  const { url, project, masterKey } = stage.server.demo;
  const goals = { lead: { event: "leads", filters: [] }, priced: { event: "pageviews", filters: ["page:/pricing"] } };
  for (const [name, content] of Object.entries(goals)) {
    const response = await fetch(`${url}/3.0/projects/${project}/definitions/goals/${name}`, {
      method: "PUT",
      headers: { authorization: masterKey },
      body: JSON.stringify({ title: name, content }),
    });
    expect(response.status).toBe(201);
  }
  const rate = (some: readonly Visit[], of: readonly Visit[]) => `${(100 * some.length) / of.length}%`;
  const leads = VISITS.filter(({ lead }) => lead);
  const priced = leads.filter(({ pages }) => pages.includes("/pricing"));
  const page = await stage.look(`${RANGE}&goal=lead`);
  const conversion = (row: RegExp) =>
    panel(page, "Events").getByRole("button", { name: row }).locator(".row-conversion");
  await conversion(/^pageviews/)
    .filter({ hasText: rate(leads, VISITS) })
    .waitFor();
  await conversion(/^leads/)
    .filter({ hasText: "100%" })
    .waitFor();

  await page.goto(stage.server.address(`${RANGE}&f=event:leads&goal=priced`));
  await conversion(/^leads/)
    .filter({ hasText: rate(priced, leads) })
    .waitFor();
  await page.getByText(`${rate(priced, leads)} of visitors, ${priced.length} in all`).waitFor();
  await page.goto(stage.server.address(`${RANGE}&f=event:leads&goal=priced&more=event`));
  const dialog = page.getByRole("dialog", { name: "Events" });
  await dialog
    .getByRole("row", { name: /^leads/ })
    .filter({ hasText: rate(priced, leads) })
    .waitFor();
});

test("what changed is told by its parts, and a source's own day by its spike", async () => {
  // A week before it one visit came from the search engine; everything else is new.
  await stage.record([
    { at: NOON - 7 * DAY_MS, path: "/", visitor: 8, visitPage: 1, referrer: "https://duckduckgo.com/" },
  ]);
  const page = await stage.look(RANGE);
  await page.getByRole("button", { name: "What changed" }).click();
  const change = VISITS.length - 1;
  const table = page.getByRole("group", { name: "What explains the change, as a table" });
  await page.getByText(`Visits: ${VISITS.length}, before 1 (`).waitFor();
  const cells = async (name: RegExp) => table.getByRole("row", { name }).getByRole("cell").allTextContents();
  const shareOf = (count: number) => `${(100 * count) / change}%`;
  const paid = VISITS.filter(({ query }) => query === AUTUMN).length;
  expect(await cells(/^Channel: Paid Search/)).toEqual(["0", String(paid), shareOf(paid)]);
  const german = VISITS.filter(({ timezone }) => timezone === "Europe/Berlin").length;
  expect(await cells(/^Country: Germany/)).toEqual(["0", String(german), shareOf(german)]);
  // It brought one then and one now: nothing of the change.
  expect(await table.getByText("DuckDuckGo").count()).toBe(0);
  await page.getByText("No source brought far more").waitFor();

  const burst = Array.from({ length: 12 }, (_, n) => ({ ...BURST, at: LONG_AGO + 2 * DAY_MS + n, visitor: 100 + n }));
  await stage.record(burst);
  await page.goto(stage.server.address("/?range=custom&from=2015-05-14&to=2015-05-20"));
  await page.getByRole("button", { name: "What changed" }).click();
  const spikes = page.getByRole("region", { name: "Spikes" });
  await spikes.getByText("Tue, 19 May 2015: 12 visits, otherwise 0.0").waitFor();
  await spikes.getByRole("button", { name: "Hacker News" }).click();
  await shows(page, "Visits", "12");
  expect(new URL(page.url()).search).toMatch(/from=2015-05-19&to=2015-05-19.*f=source:Hacker/);
});

test("the search of a full list finds what is not among its rows, in whatever case", async () => {
  const page = await stage.look("/?range=custom&from=2015-05-17&to=2015-05-17&more=page");
  const dialog = page.getByRole("dialog", { name: "Pages" });
  await dialog.getByRole("button", { name: "/n/7", exact: true }).waitFor();
  expect(await dialog.getByText("/z/Merry-Christmas").count()).toBe(0);
  await dialog.getByRole("searchbox").fill("christmas");
  await dialog.getByRole("button", { name: "/z/Merry-Christmas", exact: true }).click();
  await shows(page, "Page views", "1");
});

test("each number leads up to its question: of a chart and of a list, asked by itself, it answers what is shown", async () => {
  const { url, project, readKey } = stage.server.demo;
  const answerTo = async (page: Page): Promise<unknown> => {
    const code = page.getByRole("dialog", { name: "The question" }).getByLabel("The question", { exact: true });
    const { analysis_type: analysis, ...parameters } = JSON.parse((await code.textContent()) ?? "") as {
      analysis_type: string;
    };
    const response = await fetch(`${url}/3.0/projects/${project}/queries/${analysis}`, {
      method: "POST",
      headers: { authorization: readKey, "content-type": "application/json" },
      body: JSON.stringify(parameters),
    });
    return ((await response.json()) as { result: unknown }).result;
  };
  const chart = await stage.look(`${DEEP_DAY}&metric=views`);
  const figure = chart.locator(".card", { hasText: "Page views" }).locator(".card-value");
  await figure.filter({ hasText: /^\d+$/ }).waitFor();
  await chart.getByRole("button", { name: "Question" }).click();
  const hours = (await answerTo(chart)) as readonly { value: { views: number } }[];
  expect(hours).toHaveLength(24);
  expect(hours.reduce((sum, { value }) => sum + value.views, 0)).toBe(Number(await figure.textContent()));

  const list = await stage.look(`${DEEP_DAY}&more=page`);
  const dialog = list.getByRole("dialog", { name: "Pages" });
  const first = dialog.locator("tbody tr").first();
  await first.waitFor();
  await dialog.getByRole("button", { name: "Question" }).click();
  const rows = (await answerTo(list)) as readonly { n: number; "$page.path": string }[];
  expect(rows).toHaveLength(await dialog.locator("tbody tr").count());
  const [name, visitors] = await first.locator("th, td").allTextContents();
  expect(rows.find((row) => row["$page.path"] === name)?.n).toBe(Number(visitors));
});

test("before the first event there is no zero but nothing", async () => {
  const page = await stage.look("/?range=custom&from=2015-05-11&to=2015-05-17&metric=views&view=table");
  await page.getByText("no data before 17 May 2015").waitFor();
  const table = page.getByRole("region", { name: "Page views as a table" });
  const cells = await table.locator("tbody tr", { hasText: "17 May" }).locator("td").allTextContents();
  expect(cells[0]).toBe("1,041");
  // Before and change; the last cell leads to the events.
  expect(cells.slice(1, 3).filter((cell) => /\d/.test(cell))).toEqual([]);
});

test("a filter is built by hand: several values, found by the server, changed afterwards", async () => {
  const page = await stage.look(RANGE);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Add filter" });
  await dialog.getByLabel("Property").selectOption({ label: "Page" });
  await dialog.getByRole("checkbox", { name: "/docs" }).check();
  await dialog.getByRole("checkbox", { name: "/pricing" }).check();
  await dialog.getByRole("button", { name: "Apply" }).click();
  const seen = VISITS.flatMap(({ pages }) => pages).filter((path) => path === "/docs" || path === "/pricing");
  await shows(page, "Page views", String(seen.length));
  expect(new URL(page.url()).searchParams.getAll("f")).toEqual(["page:/docs|/pricing"]);

  await page.getByRole("button", { name: /^Page is/ }).click();
  const again = page.getByRole("dialog", { name: "Change filter" });
  await again.getByLabel("Operator").selectOption({ label: "does not contain" });
  await again.getByLabel("Text").fill("pric");
  await again.getByRole("button", { name: "Apply" }).click();
  const others = VISITS.flatMap(({ pages }) => pages).filter((path) => path !== "/pricing");
  await shows(page, "Page views", String(others.length));
});
