import { describe, expect, test, vi } from "vitest";
import { isEventId } from "../../core/src/event/identity.ts";
import { setStage, settle } from "./support/stage.ts";

const stage = setStage();
const html = (title: string, body = "", attributes = "") =>
  `<!doctype html><title>${title}</title>${stage.tag(attributes)}<body>${body}`;

describe("page views", () => {
  test("a load is one page view with the key, URL, title and context, posted without preflight, cookies or credentials", async () => {
    stage.put("/pricing", html("Pricing"));
    await stage.context.addCookies([{ name: "session", value: "secret", url: stage.collector.origin }]);
    const page = await stage.open("/pricing");
    await settle(page);
    expect(stage.collector.log).toEqual(["GET /t.js", "POST /v1/e"]);
    const [request] = stage.collector.received;
    expect(request?.headers["content-type"]).toBe("text/plain;charset=UTF-8");
    expect(request?.headers.cookie).toBeUndefined();
    expect(request?.body).toMatchObject({
      v: 1,
      k: "WRITEKEY",
      c: { l: "en-US", z: expect.stringMatching(/./), w: [1280, 720, 1280, 720] },
      d: {},
      e: [{ q: 1, n: "pageviews", g: 1, u: `${stage.origin}/pricing`, T: "Pricing" }],
    });
    expect(request?.body.e).toHaveLength(1);
    expect(isEventId(`${request?.body.i}.1`)).toBe(true);
    const age = (request?.body.s ?? 0) - Number.parseInt(request?.body.i.slice(0, 12) ?? "", 16);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(60_000);
  });

  test("the script twice on a page counts the view once", async () => {
    stage.put("/", html("Twice", stage.tag()));
    const page = await stage.open("/");
    await settle(page);
    expect(stage.collector.accepted().map((event) => event.n)).toEqual(["pageviews"]);
  });

  test("single-page navigation: push, replace and back are views with their own number, URL and title; state alone is none", async () => {
    stage.put("/", html("Home"));
    const page = await stage.open("/");
    await page.evaluate(async () => {
      history.replaceState({ scroll: 10 }, "");
      history.pushState({}, "", "/a?sort=price");
      document.title = "A";
    });
    await settle(page);
    await page.evaluate(() => {
      history.pushState({}, "", "/a?sort=name");
      history.pushState({}, "", "/a#reviews");
      history.replaceState({}, "", "/b");
      document.title = "B";
    });
    await settle(page);
    await page.goBack();
    await settle(page);
    await page.goBack();
    await settle(page);
    const views = stage.collector.accepted().filter((event) => event.n === "pageviews");
    expect(views.map((view) => [view.g, view.u?.slice(stage.origin.length), view.T])).toEqual([
      [1, "/", expect.any(String)],
      [2, "/a", "A"],
      [3, "/b", "B"],
      [4, "/a", "B"],
    ]);
  });

  test("browsers without the Navigation API count the same pages", async () => {
    stage.put("/", html("Home"));
    await stage.context.addInitScript(() => Object.defineProperty(window, "navigation", { value: undefined }));
    const page = await stage.open("/");
    await page.evaluate(() => {
      history.pushState({}, "", "/a");
      history.replaceState({}, "", "/b");
      history.replaceState({ only: "state" }, "");
    });
    await page.goBack();
    await vi.waitFor(() => expect(page.url()).toBe(`${stage.origin}/`));
    await settle(page);
    const urls = stage.collector.accepted().flatMap((event) => (event.n === "pageviews" ? [event.u] : []));
    expect(urls).toEqual(["/", "/a", "/b", "/"].map((path) => stage.origin + path));
  });

  test("a router in a loop is counted up to a limit, and the page goes on", async () => {
    stage.put("/", html("Loop"));
    const page = await stage.open("/");
    await page.evaluate(() => {
      for (let i = 0; i < 150; i++) history.replaceState({}, "", `/loop/${i}`);
    });
    await settle(page);
    const views = stage.collector.accepted().filter((event) => event.n === "pageviews");
    expect(views).toHaveLength(51);
  });

  test("coming back through the back/forward cache is a new view of the same load", async () => {
    const whenRestored = `addEventListener("pageshow", (event) => {
      if (event.persisted) setTimeout(() => (millrace.track("restored"), millrace.flush()));
    })`;
    stage.put("/one", html("One", `<script>${whenRestored}</script>`));
    stage.put("/two", "<title>Two</title>");
    const page = await stage.open("/one");
    await page.goto(`${stage.origin}/two`);
    // Playwright cannot follow a page into and out of the cache: from here on the page tells the collector what happened.
    await page.evaluate(() => void setTimeout(() => history.back()));
    await vi.waitFor(() => expect(stage.collector.accepted().map((event) => event.n)).toContain("restored"), 10_000);
    const views = stage.collector.accepted().filter((event) => event.n === "pageviews");
    expect(views.map((view) => view.g)).toEqual([1, 2]);
    expect(new Set(stage.collector.received.map((request) => request.body.i)).size).toBe(1);
  });

  test("a page in a tab nobody has looked at sends nothing, also not what the page tracked; the first look counts it once", async () => {
    stage.put("/", html("Background", `<script>millrace={q:[["track","early"]]}</script>`));
    await stage.context.addInitScript(() => {
      let state = "hidden";
      Object.defineProperty(Document.prototype, "visibilityState", { get: () => state });
      addEventListener("look", () => {
        state = "visible";
        document.dispatchEvent(new Event("visibilitychange"));
      });
    });
    const page = await stage.open("/");
    await settle(page);
    expect(stage.collector.received).toHaveLength(0);
    await page.evaluate(() => dispatchEvent(new Event("look")));
    await settle(page);
    expect(stage.collector.accepted().map((event) => event.n)).toEqual(["pageviews", "early"]);
  });

  test("a prerendered page that is never shown sends nothing; one that is shown is counted then", async () => {
    stage.put("/", html("Prerendered"));
    // A headless browser prerenders nothing. In one that does the page is hidden until it is shown, and then told.
    await stage.context.addInitScript(() => {
      let shown = false;
      Object.defineProperty(Document.prototype, "visibilityState", { get: () => (shown ? "visible" : "hidden") });
      Object.defineProperty(Document.prototype, "prerendering", { get: () => !shown });
      addEventListener("activate", () => {
        shown = true;
        document.dispatchEvent(new Event("prerenderingchange"));
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      });
    });
    const page = await stage.open("/");
    await settle(page);
    await page.reload();
    await settle(page);
    expect(stage.collector.received).toHaveLength(0);
    await page.evaluate(() => dispatchEvent(new Event("activate")));
    await settle(page);
    expect(stage.collector.accepted().map((event) => event.n)).toEqual(["pageviews"]);
  });

  test("page() counts by hand where automatic views are off, and nothing else is captured", async () => {
    stage.put("/", html("Manual", `<a href="https://example.com/" id="out">out</a>`, `data-auto="outbound"`));
    const page = await stage.open("/");
    await page.evaluate(() => {
      history.pushState({}, "", "/uncounted");
      window.millrace.page({ step: 2 });
    });
    await settle(page);
    expect(stage.collector.accepted()).toMatchObject([
      { n: "pageviews", p: { step: 2 }, u: `${stage.origin}/uncounted` },
    ]);
    expect(stage.collector.accepted()).toHaveLength(1);
  });
});

describe("engaged time", () => {
  test("is sent on leaving as increments of the page they belong to, each once", async () => {
    stage.put("/", html("Read"));
    stage.put("/next", "<title>Next</title>");
    const page = await stage.open("/", { clock: true });
    await page.clock.runFor(7000);
    await page.evaluate(() => history.pushState({}, "", "/chapter-2"));
    await page.clock.runFor(3000);
    await page.goto(`${stage.origin}/next`);
    const increments = () => stage.collector.accepted().filter((event) => event.n === "engagement");
    await vi.waitFor(() => expect(increments()).toHaveLength(2));
    const [first, second] = increments();
    expect(first).toMatchObject({ g: 1 });
    expect(second).toMatchObject({ g: 2 });
    expect(first?.m).toBeGreaterThanOrEqual(7000);
    expect(second?.m).toBeGreaterThanOrEqual(3000);
    expect((first?.m ?? 0) + (second?.m ?? 0)).toBeLessThan(40_000);
  });

  test("is not measured when it is not asked for", async () => {
    stage.put("/", html("Read", "", `data-auto="page"`));
    stage.put("/next", "<title>Next</title>");
    const page = await stage.open("/", { clock: true });
    await page.clock.runFor(1000);
    await page.goto(`${stage.origin}/next`);
    await vi.waitFor(() => expect(stage.collector.accepted().map((event) => event.n)).toEqual(["pageviews"]));
  });
});
