import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { setStage, settle } from "./support/stage.ts";

const stage = setStage();
const html = (body = "", attributes = "") =>
  `<!doctype html><meta charset="utf-8"><title>Privacy</title>${stage.tag(attributes)}<body>${body}`;
const names = () => stage.collector.accepted().map((event) => event.n);
const leave = (page: Page) => page.goto(`${stage.origin}/elsewhere`);

describe("nothing without consent", () => {
  test("with Global Privacy Control nothing is sent, whatever the page calls, and the page does not notice", async () => {
    stage.put("/", html(`<button data-track="buy">Buy</button><script>millrace={q:[["track","early"]]}</script>`));
    await stage.context.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true });
    });
    const page = await stage.open("/");
    await page.click("button");
    await page.evaluate(async () => {
      window.millrace.track("anything");
      window.millrace.identify("ann");
      window.millrace.optIn();
      window.millrace.page();
      history.pushState({}, "", "/a");
      await window.millrace.flush();
    });
    await leave(page);
    expect(stage.collector.log).toEqual(["GET /t.js"]);
  });

  test("opted out before the script loaded: not one request until the visitor opts in, then the view counts", async () => {
    stage.put("/", html(`<script>millrace={q:[["optOut"]]}</script>`));
    const page = await stage.open("/");
    await page.evaluate(() => {
      window.millrace.track("forbidden");
      history.pushState({}, "", "/forbidden");
    });
    await settle(page);
    expect(stage.collector.received).toHaveLength(0);
    await page.evaluate(() => {
      window.millrace.optIn();
      window.millrace.track("allowed");
    });
    await settle(page);
    expect(names()).toEqual(["pageviews", "allowed"]);
  });

  test("opting out discards what waits; leaving sends nothing either", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    await page.evaluate(() => {
      window.millrace.track("waiting");
      window.millrace.optOut();
    });
    await page.clock.runFor(5000);
    await leave(page);
    expect(stage.collector.received).toHaveLength(0);
  });

  test("no cookie, no storage, and one global name", async () => {
    stage.put("/", html(`<script>before=new Set(Object.getOwnPropertyNames(window))</script>`, `data-global="stats"`));
    const page = await stage.open("/");
    const traces = await page.evaluate(async () => {
      const { before, stats } = window as unknown as { before: Set<string>; stats: Window["millrace"] };
      stats.identify("ann");
      stats.track("event");
      await stats.flush();
      return {
        globals: Object.getOwnPropertyNames(window).filter((name) => !before.has(name)),
        stored: [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length],
      };
    });
    expect(traces.globals.filter((name) => name !== "before")).toEqual(["stats"]);
    expect(traces.stored).toEqual(["", 0, 0, 0]);
    expect(await stage.context.cookies()).toEqual([]);
    expect(names()).toEqual(["pageviews", "event"]);
  });
});

describe("what leaves the browser", () => {
  test("of a URL the path and the parameters that name a source; of the referrer likewise; never a fragment", async () => {
    stage.put("/from", html(`<a href="/to?q=disease&utm_source=mail&email=a%40b.c&ref=x&gclid=1#reset=secret">to</a>`));
    stage.put("/to", html());
    const page = await stage.open("/from?session=secret&utm_campaign=spring");
    await page.click("a");
    await page.waitForURL("**/to?*");
    await settle(page);
    const last = stage.collector.received.at(-1)?.body;
    expect(last?.e[0]?.u).toBe(`${stage.origin}/to?utm_source=mail&ref=x&gclid=1`);
    expect(last?.c.r).toBe(`${stage.origin}/from?utm_campaign=spring`);
    expect(stage.collector.received.map((request) => request.text).join()).not.toMatch(/secret|disease|email/);
  });

  test("an id after identify(), for what was not sent yet too; none after identify() without one", async () => {
    stage.put("/", html());
    const page = await stage.open("/", { clock: true });
    await page.evaluate(() => {
      window.millrace.identify("ann");
      window.millrace.track("hers");
      window.millrace.identify();
      window.millrace.track("nobodys");
    });
    await settle(page);
    const byUser = stage.collector.received.map(({ body }) => [body.d.id, body.e.map((event) => event.n)]);
    expect(byUser).toEqual([
      ["ann", ["pageviews", "hers"]],
      [undefined, ["nobodys"]],
    ]);
  });
});

describe("a good guest", () => {
  test("works under a strict content security policy, without a violation", async () => {
    const { origin } = stage.collector;
    stage.put("/", {
      html: html(),
      headers: { "Content-Security-Policy": `default-src 'none'; script-src ${origin}; connect-src ${origin}` },
    });
    const problems: string[] = [];
    const page = await stage.context.newPage();
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(`${stage.origin}/`);
    await vi.waitFor(() => expect(names()).toEqual(["pageviews"]), 10_000);
    expect(problems.filter((text) => !text.includes("favicon"))).toEqual([]);
  });

  test("mistakes are warnings, never exceptions: properties JSON cannot hold, a wrong call in the stub, a missing key", async () => {
    stage.put(
      "/",
      `<title>x</title><script>millrace={q:[["nonsense"],["track","good"]]}</script>
       <script defer src="${stage.collector.origin}/t.js" data-global="other"></script>${stage.tag()}`,
    );
    const errors: string[] = [];
    const warnings: string[] = [];
    const page = await stage.context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await page.goto(`${stage.origin}/`);
    await page.evaluate(() => {
      const cycle: Record<string, unknown> = {};
      cycle["self"] = cycle;
      window.millrace.track("cycle", cycle);
      window.millrace.track("big", { n: 1n });
    });
    await settle(page);
    expect(errors).toEqual([]);
    expect(warnings).toHaveLength(4);
    expect(names()).toEqual(["pageviews", "good"]);
  });

  test("properties are taken as they are at the call, not at sending", async () => {
    stage.put("/", html());
    const page = await stage.open("/");
    await page.evaluate(() => {
      const cart = { items: 1 };
      window.millrace.track("added", cart);
      cart.items = 99;
    });
    await settle(page);
    expect(stage.collector.accepted().find((event) => event.n === "added")?.p).toEqual({ items: 1 });
  });

  test("an address that the server would refuse as too long is cut", async () => {
    stage.put("/", html("", `data-auto="page"`));
    const page = await stage.open("/");
    await page.evaluate(() => history.pushState({}, "", `/${"p".repeat(20000)}`));
    await settle(page);
    expect(stage.collector.accepted().map((event) => event.u?.length)).toEqual([stage.origin.length + 1, 2000]);
  });

  test("data-endpoint moves the endpoint; without it a script under a path posts beside itself", async () => {
    const { origin } = stage.collector;
    stage.put("/a", `<script defer src="${origin}/t.js" data-key="K" data-endpoint="${origin}/elsewhere/in"></script>`);
    stage.put("/b", `<script defer src="${origin}/proxy/t.js" data-key="K"></script>`);
    for (const path of ["/a", "/b"]) await settle(await stage.open(path));
    expect(stage.collector.log.filter((line) => line.startsWith("POST"))).toEqual([
      "POST /elsewhere/in",
      "POST /proxy/v1/e",
    ]);
  });
});
