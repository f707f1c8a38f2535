import type { Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { axeViolations } from "./support/axe.ts";
import { Stage } from "./support/stage.ts";

const HOUR = 3_600_000;
const YESTERDAY = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 43_200_000;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.leave());
afterAll(() => stage.close());

/** An event of a widget, as the importer would send it. */
function step(action: string, version: string, at: number) {
  const context = { widget: "poll-7", widget_version: version, widget_placement: "sidebar", widget_action: action };
  return { keen: { timestamp: new Date(at).toISOString() }, $context: context };
}

/** The visitor of somebody's trial. */
async function visitorOf(plan: string): Promise<string> {
  const { url, project, readKey } = stage.server.demo;
  const filters = [{ property_name: "plan", operator: "eq", property_value: plan }];
  const answer = await fetch(`${url}/3.0/projects/${project}/queries/select_unique`, {
    method: "POST",
    headers: { authorization: readKey, "content-type": "application/json" },
    body: JSON.stringify({ event_collection: "trials", target_property: "$visitor", filters }),
  });
  const { result } = (await answer.json()) as { result: string[] };
  return result.join();
}

test("live follows by itself with at most six requests a minute, stops when told, and goes on", async () => {
  await stage.record([{ at: Date.now() - 1_000, path: "/first", visitor: 1, visitPage: 1 }]);
  const page = await stage.blank();
  const asked: string[] = [];
  let pending = 0;
  const isAsked = (request: Request) => request.url().includes("/3.0/");
  page.on("request", (request) => {
    if (!isAsked(request)) return;
    asked.push(request.url());
    pending += 1;
  });
  const onEnd = (request: Request) => {
    if (isAsked(request)) pending -= 1;
  };
  page.on("requestfinished", onEnd);
  page.on("requestfailed", onEnd);
  const settled = () => expect.poll(() => pending).toBe(0);
  await page.clock.install({ time: Date.now() });
  await page.goto(stage.server.address("/live"));
  const stream = page.getByRole("group", { name: "Latest events" }).getByRole("row");
  await stream.filter({ hasText: "/first" }).waitFor();
  const figure = (label: string) => page.locator(".figures div", { hasText: label }).locator("dd");
  expect(await figure("Visitors, last 5 minutes").textContent()).toBe("1");

  await page.getByRole("button", { name: /^Complete to/ }).waitFor();
  await settled();
  asked.splice(0);
  // The page's clock runs by itself, too.
  const clock = () => page.evaluate(() => Date.now());
  const begun = await clock();
  for (let beat = 0; beat < 6; beat++) {
    const path = `/beat-${beat}`;
    await stage.record([{ at: Date.now() - 1_000, path, visitor: 2, visitPage: beat + 1 }]);
    await page.clock.runFor(10_000);
    await settled();
  }
  // The beat that hears of an event makes the next one ask for it.
  await stream.filter({ hasText: "/beat-4" }).waitFor();
  const minutes = ((await clock()) - begun) / 60_000;
  expect(asked.length, asked.join(", ")).toBeLessThanOrEqual(Math.ceil(6 * minutes));
  expect(await figure("Visitors, 30 minutes").textContent()).toBe("2");

  await page.getByRole("button", { name: "Pause" }).click();
  await stage.record([{ at: Date.now() - 1_000, path: "/later", visitor: 3, visitPage: 1 }]);
  await page.clock.runFor(30_000);
  await settled();
  expect(await stream.filter({ hasText: "/later" }).count()).toBe(0);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect
    .poll(
      async () => {
        await page.clock.runFor(10_000);
        return stream.filter({ hasText: "/later" }).count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
});

test("a widget is followed from shown to converted, and a version compared with the one before", async () => {
  const steps = (version: string, at: number, counts: Record<string, number>) =>
    Object.entries(counts).flatMap(([action, count]) => Array.from({ length: count }, () => step(action, version, at)));
  await stage.record([], {
    widgets: [
      ...steps("1.0", YESTERDAY - 48 * HOUR, { shown: 200, seen: 100, interacted: 20, converted: 10 }),
      ...steps("2.0", YESTERDAY, { shown: 200, seen: 160, interacted: 80, converted: 40 }),
    ],
  });
  const page = await stage.look("/widgets?range=7d&bots=all");
  const cells = (region: string, row: string) =>
    page
      .getByRole("group", { name: region, exact: true })
      .getByRole("row", { name: row })
      .getByRole("cell")
      .allTextContents();
  await page.getByRole("button", { name: "poll-7" }).click();
  await page.getByRole("heading", { name: "By version" }).waitFor();
  expect(await cells("Widgets", "poll-7")).toEqual(["400", "260 65%", "100 38%", "50 13%", "0", "–"]);
  await page.getByText("+15 points converted, a difference").waitFor();
  expect((await cells("By version", "2.0")).slice(0, 4)).toEqual(["200", "160 80%", "80 50%", "40 20%"]);
  expect((await cells("By placement", "sidebar"))[0]).toBe("400");
  expect(new URL(page.url()).searchParams.get("f")).toBe("widget:poll-7");
});

test("data tells what there is, and an owner erases somebody for good", async () => {
  const at = { timestamp: new Date(YESTERDAY).toISOString() };
  const of = (last: number) => ({
    plan: last === 11 ? "pro" : "free",
    seats: 5,
    $context: { ip: `203.0.113.${last}`, user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0" },
    keen: at,
  });
  await stage.record([], { trials: [of(11), of(11), of(12)] });
  const page = await stage.look("/data");
  await page
    .getByRole("group", { name: "Collections" })
    .getByRole("row", { name: /^trials 2 3 / })
    .waitFor();
  await page.getByRole("button", { name: "trials" }).click();
  const properties = page.getByRole("group", { name: "Properties of trials", exact: true }).getByRole("row");
  await properties
    .filter({ hasText: "seats" })
    .filter({ hasText: "number" })
    .filter({ hasText: "5" })
    .first()
    .waitFor();
  await page.getByText("Nothing was rejected.").waitFor();

  await page.getByLabel("Known as").selectOption("$visitor");
  await page.getByLabel("Id", { exact: true }).fill(await visitorOf("pro"));
  await page.getByRole("button", { name: "Count the events" }).click();
  await page.getByRole("button", { name: "Erase 2 events" }).click();
  await page.getByText("Erased.").waitFor();
  await page.getByRole("button", { name: "Count the events" }).click();
  await page.getByText("There is no event of theirs.").waitFor();
});

test("all sites are on one page, searched, added up, and each leads to its overview", async () => {
  const page = await stage.look("/settings");
  const made = await page.evaluate(async () => {
    const { csrf } = (await (await fetch("/console/session")).json()) as { csrf: string };
    const answer = await fetch("/console/projects", {
      method: "POST",
      headers: { "x-millrace-csrf": csrf, "content-type": "application/json" },
      body: JSON.stringify({ name: "Empty shop", timezone: "UTC" }),
    });
    return answer.status;
  });
  expect(made).toBe(201);
  await page.goto(stage.server.address("/sites"));
  const rows = page.getByRole("listitem");
  await rows.filter({ hasText: "Empty shop" }).getByText("Waiting for the first event").waitFor();
  await rows
    .filter({ hasText: "Demo" })
    .getByText(/^\d+ visitors/)
    .waitFor();
  await rows.filter({ hasText: "Demo" }).getByText("Complete").waitFor();
  await page.getByText("Visitors, 24 hours").waitFor();
  await page.getByRole("searchbox", { name: "Search sites" }).fill("SHOP");
  await rows.filter({ hasText: "Demo" }).getByText("visitors").waitFor({ state: "detached" });
  await page.getByRole("searchbox", { name: "Search sites" }).fill("");
  await page.getByRole("link", { name: "Demo", exact: true }).click();
  await page
    .getByRole("heading", { name: "Demo" })
    .or(page.getByRole("combobox", { name: "Project" }))
    .first()
    .waitFor();
  expect(new URL(page.url()).searchParams.get("project")).toBe(stage.server.demo.project);
});

test.each(["light", "dark"] as const)(
  "the pages can be seen, reached and understood, on a phone and %s",
  async (scheme) => {
    const page = await stage.blank({ viewport: { width: 360, height: 740 }, colorScheme: scheme });
    const paths = [
      "/sites",
      "/live",
      "/events",
      "/widgets?f=widget:poll-7",
      "/data",
      "/setup",
      "/operations",
      "/operations/executions",
    ];
    for (const path of paths) {
      await page.goto(stage.server.address(path));
      await page.locator("main .section").first().waitFor();
      await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
      expect(await axeViolations(page), path).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
      // Nor is a column beyond the edge of its table, where nobody looks for it.
      const wide = page
        .locator(".data-table")
        .evaluateAll((tables) => tables.filter((t) => t.scrollWidth > t.clientWidth).map((t) => t.ariaLabel));
      expect(await wide, path).toEqual([]);
    }
  },
);

test("the list of events holds as many as the overview counts; time on pages is in it when it is chosen", async () => {
  const of = (visitor: number) => ({
    keen: { timestamp: new Date(YESTERDAY).toISOString() },
    $context: { ip: `203.0.113.${visitor}`, engaged_ms: 5_000, url: "https://example.com/stayed" },
  });
  await stage.record([{ at: YESTERDAY, path: "/stayed", visitor: 21, visitPage: 1 }], { engagement: [of(21), of(21)] });
  const range = "range=7d&bots=all&f=page:/stayed";
  const page = await stage.look(`/?${range}`);
  const card = page.locator(".card", { hasText: "Events" }).locator(".card-value");
  await card.filter({ hasText: /^1$/ }).waitFor();
  await page.goto(stage.server.address(`/events?${range}`));
  await page.getByText("The latest 1 of 1.").waitFor();
  await page.getByLabel("Which events").selectOption("engagement");
  await page.getByText("The latest 2 of 2.").waitFor();
  // From one of them to the others, by what only they have.
  await page.getByRole("group", { name: "Events" }).getByRole("link").first().click();
  await page.getByRole("link", { name: "5000", exact: true }).click();
  await page.getByText("The latest 2 of 2.").waitFor();
});

test("setup makes the tag with its parts, and says whether a page records", async () => {
  const { url, writeKey } = stage.server.demo;
  const { host } = new URL(url);
  // Until a project has an event, it shows nothing but how to send the first one.
  const widgetAt = (url: string, days: number) => ({
    keen: { timestamp: new Date(Date.now() - days * 24 * HOUR).toISOString() },
    $context: { url, widget: "poll-7", widget_action: "shown" },
  });
  await stage.record([{ at: Date.now() - 1_000, path: "/first", visitor: 1, visitPage: 1 }], {
    widgets: [widgetAt("https://quiet.example/", 3), widgetAt("https://framed.example/", 0)],
  });
  const page = await stage.look("/setup");
  const rowOf = (name: string) =>
    page
      .getByRole("group", { name: "Hosts that record" })
      .getByRole("row", { name })
      .getByRole("cell")
      .allTextContents();
  await page.getByRole("row", { name: "quiet.example" }).waitFor();
  expect((await rowOf("quiet.example")).slice(-4)).toEqual(["Silent for a day", "0", "0", "widgets"]);
  // No page was viewed there, but something records.
  expect((await rowOf("framed.example")).slice(-4)).toEqual(["Records", "0", "0", "widgets"]);
  const tag = page.getByLabel("Script tag", { exact: true }).locator("xpath=self::pre");
  expect(await tag.textContent()).toBe(`<script defer src="${url}/t.js" data-key="${writeKey}"></script>`);
  await page.getByRole("checkbox", { name: "Web vitals" }).check();
  await page.getByRole("checkbox", { name: "Scroll depth" }).check();
  const chosen = await tag.textContent();
  expect(chosen).toContain(`"${url}/t.scroll.vitals.js"`);
  expect((await fetch(`${url}/t.scroll.vitals.js`)).headers.get("content-type")).toContain("javascript");

  const typed = page.getByLabel("A page of yours");
  const open = page.getByRole("button", { name: "Open it and wait" });
  await typed.fill("no page");
  await open.click();
  await page.getByRole("alert").filter({ hasText: "That is no address of a page" }).waitFor();

  await typed.fill(`${host}/demo`);
  const [opened] = await Promise.all([page.context().waitForEvent("page"), open.click()]);
  await page.getByRole("status").getByText(`Waiting for a page view of ${host}`).waitFor();
  await page.getByText(`${host} records: its page view is here.`).waitFor();
  expect(new URL(opened.url()).host).toBe(host);
  const row = page.getByRole("group", { name: "Hosts that record" }).getByRole("row", { name: host });
  await row.getByText("Records", { exact: true }).waitFor();

  // A page without the tag.
  await page.clock.install({ time: Date.now() });
  await page.reload();
  await typed.fill(`${url}/openapi.json`);
  await row.waitFor();
  await open.click();
  await page.getByText(`Waiting for a page view of ${host}`).waitFor();
  await page.clock.runFor(61_000);
  await page.getByText(`No page view of ${host} came within a minute.`).waitFor();
});
