import type { Page, Request } from "playwright-core";
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
const DAY = 86_400_000;
const panel = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });
const shows = (page: Page, label: string, value: string) =>
  card(page, label)
    .filter({ hasText: new RegExp(`^${value}$`) })
    .waitFor();

/** What the address holds, but for the project, which it names where there are others. */
function asked(page: Page): object {
  const { project: _, ...others } = Object.fromEntries(new URL(page.url()).searchParams);
  return others;
}

describe("a project without events", () => {
  test("waits with what to paste, and opens by itself when the first event comes", { tags: "deployed" }, async () => {
    const page = await stage.look();
    await page.getByText("Waiting for the first event").waitFor();
    const { url, project, writeKey } = stage.server.demo;
    const tag = await page.getByLabel("Script tag").textContent();
    expect(tag).toBe(`<script defer src="${url}/t.js" data-key="${writeKey}"></script>`);
    expect(await page.getByLabel("curl command").textContent()).toContain(`/3.0/projects/${project}/events/`);
    // From here, too, a phone has a way to the other projects.
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: "Pages", exact: true }).click();
    await page.getByRole("link", { name: "Sites" }).waitFor();
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1280, height: 900 });

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
  test("cards count people, and say so for everything and for bots", { tags: "deployed" }, async () => {
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

  test("the ledger adds up, and the page says up to when it is complete", { tags: "deployed" }, async () => {
    const page = await stage.look();
    await page.getByRole("button", { name: /^Complete to \d\d:\d\d:\d\d$/ }).click();
    const ledger = page.getByRole("dialog", { name: "Ledger" });
    await ledger.getByText(/Every event is accounted for.*7 accepted = 7 stored \+ 0 in flight/).waitFor();
    await ledger.getByRole("row").nth(1).waitFor();
  });
});

describe("filters", () => {
  test("a row filters the whole page, the address keeps it, Back takes it away", async () => {
    const page = await stage.look("/?range=7d");
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).click();
    await shows(page, "Page views", "1");
    expect(asked(page)).toEqual({ range: "7d", f: "page:/pricing" });
    await page.getByRole("button", { name: "Remove filter: Page is /pricing" }).waitFor();
    // The one visit that saw the page also saw another.
    await shows(page, "Visits", "1");
    await shows(page, "Bounce rate", "0%");

    const copy = await stage.look(page.url().slice(stage.server.demo.url.length));
    await shows(copy, "Page views", "1");

    await page.goBack();
    await shows(page, "Page views", "4");
    expect(asked(page)).toEqual({ range: "7d" });
  });

  test("a row takes its mark at once; the page follows when that was seen", async () => {
    const page = await stage.look("/?range=7d");
    const row = panel(page, "Pages").getByRole("button", { name: "/pricing" });
    const seen = await row.evaluate((button: HTMLElement) => {
      button.click();
      // Runs before the first paint behind the press.
      const look = () => ({ pressed: button.ariaPressed, address: location.search });
      return new Promise((resolve) => requestAnimationFrame(() => resolve(look())));
    });
    expect(seen).toEqual({ pressed: "true", address: "?range=7d" });
    await shows(page, "Page views", "1");
    expect(await row.getAttribute("aria-pressed")).toBe("true");
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
    await page.getByRole("status").getByText("17 May 2015").waitFor();
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
    // The address changes first, the page after it; a key means what the page shows.
    await page.getByRole("button", { name: "Yesterday" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/range=custom/);
  });

  test("a key right after a dialog was closed is one for the page, though the dialog's field has the focus yet", async () => {
    const page = await stage.look("/?range=7d");
    await shows(page, "Page views", "4");
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("dwe");
    const pressedOn = await page.evaluate(() => {
      document.querySelector("dialog")?.close();
      const focused = document.activeElement;
      focused?.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true }));
      return focused?.tagName;
    });
    expect(pressedOn).toBe("INPUT");
    await page.waitForURL(/range=yesterday/);
  });
});

describe("failures", () => {
  test("a panel fails alone, says why, and recovers", async () => {
    const page = await stage.blank();
    let broken = true;
    await page.route("**/queries/batch", async (route) => {
      if (!broken) return route.fallback();
      const { queries } = route.request().postDataJSON() as { queries: Record<string, object> };
      const response = await route.fetch();
      const answer = (await response.json()) as { result: Record<string, object> };
      for (const [label, query] of Object.entries(queries)) {
        if (!JSON.stringify(query).includes('"$device"')) continue;
        answer.result[label] = { status: 400, message: "The disk is full.", error_code: "UnsupportedQueryError" };
      }
      return route.fulfill({ response, json: answer });
    });
    await page.goto(stage.server.address("/?range=7d"));
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
    await page.context().clearCookies();
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

test("numbers that the store estimated say so, card by card and row by row", async () => {
  const page = await stage.blank();
  await page.route("**/queries/batch", async (route) => {
    const answer = await route.fetch();
    const told = (await answer.json()) as { result: Record<string, object> };
    // As OpenSearch answers beyond the ids that it reads one by one.
    const result = Object.fromEntries(
      Object.entries(told.result).map(([name, each]) => [name, { ...each, meta: { exact: false } }]),
    );
    await route.fulfill({ response: answer, json: { ...told, result } });
  });
  await page.goto(stage.server.address("/?range=7d"));
  await panel(page, "Pages").locator(".row-count", { hasText: /^≈ \d/ }).first().waitFor();
  await card(page, "Visitors").filter({ hasText: /^≈ \d/ }).waitFor();
  await card(page, "Visits").filter({ hasText: /^≈ \d/ }).waitFor();
  await card(page, "Page views").filter({ hasText: /^\d/ }).waitFor();
  await page.unrouteAll({ behavior: "wait" });
});

test("what stands goes on standing while another answer is on its way", async () => {
  const page = await stage.look("/?range=7d");
  const line = page.locator(".recharts-area-curve").first();
  await line.waitFor();
  const shape = await line.getAttribute("d");
  const sparks = await page.locator(".sparkline").count();
  expect(sparks).toBeGreaterThan(0);
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/queries/batch", async (route) => {
    await held;
    await route.continue();
  });
  await panel(page, "Pages").getByRole("button", { name: "/pricing" }).click();
  await page.locator(".cards.stale").waitFor();
  expect(await line.getAttribute("d")).toBe(shape);
  expect(await page.locator(".sparkline").count()).toBe(sparks);
  answer();
  await shows(page, "Page views", "1");
});

describe("every screen and reader", () => {
  test.each([360, 768, 1920])("nothing scrolls sideways at %i pixels", async (width) => {
    const page = await stage.look("/?range=7d", { viewport: { width, height: 800 } });
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  test("on a phone dialogs are as wide as the screen lets them, and the numbers of a full list apart from each other", async () => {
    const page = await stage.look("/?range=7d&more=page", { viewport: { width: 360, height: 800 } });
    const fits = () => page.locator("dialog[open]").evaluate((all) => all.scrollWidth <= all.clientWidth);
    const cells = page.getByRole("dialog", { name: "Pages" }).locator("tbody tr").first().locator("td");
    await cells.nth(3).waitFor();
    expect(await fits()).toBe(true);
    expect(await cells.evaluateAll((all) => all.every((cell) => cell.scrollWidth <= cell.clientWidth))).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("dialog", { name: "Add filter" }).getByRole("checkbox").first().waitFor();
    expect(await fits()).toBe(true);
  });

  test("its files come compressed, and for ever", async () => {
    const { url } = stage.server.demo;
    const html = await (await fetch(url, { headers: { accept: "text/html" } })).text();
    const [, script = ""] = /src="(\/assets\/[^"]+\.js)"/.exec(html) ?? [];
    for (const encoding of ["br", "gzip"]) {
      const answer = await fetch(url + script, { headers: { "accept-encoding": encoding } });
      expect(answer.headers.get("content-encoding")).toBe(encoding);
      expect(answer.headers.get("content-type")).toContain("javascript");
      expect(answer.headers.get("cache-control")).toContain("immutable");
      expect(await answer.text()).toContain("import");
    }
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
      // The console does not say which.
      page.on(
        "response",
        (response) => response.status() >= 400 && errors.push(`${response.status()} ${response.url()}`),
      );
      await page.goto(stage.server.address("/?range=7d"));
      await page.locator(".recharts-surface").first().waitFor();
      await shows(page, "Page views", "4");
      expect(errors).toEqual([]);
    }
  });
});

// Last: it adds to what the others count.
describe("a page that stays open", () => {
  /** What the page asks of the API from now on, and a way to wait until it has its answers. */
  async function watched(path: string, now = Date.now()) {
    const page = await stage.blank();
    const asked: string[] = [];
    const bodies: string[] = [];
    let pending = 0;
    const isAsked = (request: Request) => request.url().includes("/3.0/");
    page.on("request", (request) => {
      if (isAsked(request)) pending += 1;
    });
    // Counted when answered: React's own development build, which tests get, mounts twice and gives up what it asked first.
    page.on("requestfinished", (request) => {
      if (!isAsked(request)) return;
      pending -= 1;
      asked.push(`${request.method()} ${new URL(request.url()).pathname.replace(/.*projects\/[^/]+/, "")}`);
      bodies.push(request.postData() ?? "");
    });
    page.on("requestfailed", (request) => {
      if (isAsked(request)) pending -= 1;
    });
    await page.clock.install({ time: now });
    await page.goto(stage.server.address(path));
    const settled = () => expect.poll(() => pending).toBe(0);
    const clock = () => page.evaluate(() => Date.now());
    /** Lets time pass, a beat of the page at a time, each after one more event. Answers minutes: the page's clock runs by itself, too. */
    const pass = async (beats: number, views = 1) => {
      const begun = await clock();
      for (let i = 0; i < beats; i++) {
        const at = Date.now() - 1_000;
        if (views > 0) await stage.record([{ at, path: "/live", visitor: 77, visitPage: 2 }]);
        await page.clock.runFor(20_000);
        await settled();
      }
      return ((await clock()) - begun) / 60_000;
    };
    return { page, asked, bodies, pass, settled };
  }

  test("asks its first screen in one request, and at most six a minute under a trickle of events", async () => {
    await stage.record([{ at: Date.now() - 1_000, path: "/live", visitor: 77, visitPage: 1 }]);
    const { page, asked, bodies, pass, settled } = await watched("/?range=today&compare=off");
    await shows(page, "Page views", "1");
    // Beside it the project, its version and, once the numbers are there, its goals and notes.
    await expect
      .poll(() => asked.toSorted())
      .toEqual([
        "GET ",
        "GET /definitions/annotations",
        "GET /definitions/goals",
        "GET /version",
        "POST /queries/batch",
      ]);
    await settled();
    asked.splice(0);

    for (let minute = 0; minute < 3; minute++) {
      const minutes = await pass(3);
      const counted = asked.splice(0);
      expect(counted.length, counted.join(", ")).toBeLessThanOrEqual(Math.round(6 * minutes));
      expect(counted.length).toBeGreaterThan(0);
    }
    // Touched, the page catches up: nine more views came.
    const caughtUp = async () => {
      await page.evaluate(() => window.dispatchEvent(new Event("pointerdown")));
      await pass(1, 0);
      return card(page, "Page views").textContent();
    };
    await expect.poll(caughtUp).toBe("10");
    // Nothing new: a beat is one request, and only that; once a minute it is one for who is still online.
    await pass(8, 0);
    asked.splice(0);
    bodies.splice(0);
    await page.route("**/queries/batch", async (route) => {
      const response = await route.fetch();
      const { result, ...rest } = (await response.json()) as { result: Record<string, object> };
      const nobody = Object.keys(result).map((label) => [label, { result: 0 }]);
      await route.fulfill({ response, json: { ...rest, result: Object.fromEntries(nobody) as object } });
    });
    const minutes = await pass(6, 0);
    expect(asked.length, asked.join(", ")).toBeLessThanOrEqual(Math.round(3 * minutes));
    expect(new Set(asked)).toEqual(new Set(["GET /version", "POST /queries/batch"]));
    const questions = bodies.filter((body) => body !== "").map((body) => JSON.parse(body) as { queries: object });
    for (const { queries } of questions) {
      expect(Object.values(queries).map((query: { timeframe: string }) => query.timeframe)).toEqual(["this_5_minutes"]);
    }
    await page.getByText("0 online now").waitFor();
    // Where nobody is, nobody can go.
    asked.splice(0);
    await pass(6, 0);
    expect(new Set(asked)).toEqual(new Set(["GET /version"]));
  });

  test("compares with as much as has passed, and asks for that in the place of a beat", async () => {
    const noon = Math.floor(Date.now() / DAY) * DAY + DAY / 2;
    const { page, asked, bodies, pass, settled } = await watched("/?range=7d", noon);
    await panel(page, "Pages").locator(".row").first().waitFor();
    await settled();
    /** Up to when on their last day the questions so far were. */
    const passed = () =>
      bodies
        .splice(0)
        .filter((body) => body !== "")
        .flatMap((body) => Object.values((JSON.parse(body) as { queries: Record<string, object> }).queries))
        .flatMap((query) => ("timeframe" in query ? [query.timeframe as { end?: string }] : []))
        .flatMap(({ end }) => /T(.*)/.exec(end ?? "")?.[1] ?? []);
    expect(new Set(passed())).toEqual(new Set(["12:00"]));
    // What follows the first numbers comes within it.
    await pass(3, 0);
    asked.splice(0);
    bodies.splice(0);
    for (let minute = 0; minute < 6; minute++) {
      const minutes = await pass(3, 0);
      const counted = asked.splice(0);
      expect(counted.length, counted.join(", ")).toBeLessThanOrEqual(Math.round(6 * minutes));
    }
    // Nothing was stored, but five minutes of the week before are part of it now.
    expect(passed()).toContain("12:05");
  });

  test("asks again only for what the present moment is part of, and nothing in a hidden tab", async () => {
    // An empty range would ask where the events are instead.
    await stage.record([{ at: Date.now() - 86_400_000, path: "/yesterday", visitor: 78, visitPage: 1 }]);
    const { page, asked, bodies, pass, settled } = await watched("/?range=yesterday&compare=off");
    await card(page, "Page views").filter({ hasText: /\d/ }).waitFor();
    await settled();
    bodies.splice(0);
    await pass(3);
    const questions = bodies.flatMap((body) =>
      body === "" ? [] : Object.values((JSON.parse(body) as { queries: object }).queries),
    );
    expect(questions.length).toBeGreaterThan(0);
    // People online, and the ledger.
    for (const question of questions) expect(JSON.stringify(question)).toMatch(/this_5_minutes|"ledger"/);

    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    asked.splice(0);
    await pass(6, 0);
    expect(asked).toEqual([]);
  });

  test("says once, and within ten seconds, that the server does not answer any more; recovers by itself", async () => {
    const { page, pass } = await watched("/?range=yesterday");
    await page.getByText(/^Complete to/).waitFor();
    await page.route("**/3.0/**", (route) => route.abort());
    await page.clock.runFor(10_000);
    await page
      .getByRole("alert")
      .getByText(/The server cannot be reached since/)
      .waitFor();
    await page.getByText(/Not reachable since/).waitFor();
    expect(await page.getByText(/^Complete to/).count()).toBe(0);
    expect(await page.getByRole("alert").count()).toBe(1);
    // Asked for something new, the panels wait instead of each saying it again.
    await page.getByRole("radio", { name: "Bots" }).click();
    await page.clock.runFor(10_000);
    expect(await page.getByRole("alert").count()).toBe(1);
    await page.unroute("**/3.0/**");
    await pass(1, 0);
    await page.getByText(/^Complete to/).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await shows(page, "Page views", "1");
  });
});
