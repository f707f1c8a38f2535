import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { setStage, settle } from "./support/stage.ts";

const stage = setStage();
const EVERYTHING = "t.actions.errors.rules.scroll.vitals.widgets.js";
const html = (body = "", attributes = "", head = "") =>
  `<!doctype html><meta charset="utf-8"><title>Parts</title>${head}${stage.tag(attributes, EVERYTHING)}<body>${body}`;
const all = () => stage.collector.accepted();
const named = (name: string) => all().filter(({ n }) => n === name);
/** Leaves the page, and waits until what that sends has arrived. */
async function leave(page: Page, arrived: () => boolean): Promise<void> {
  stage.put("/elsewhere", "<title>Elsewhere</title>");
  await page.goto(`${stage.origin}/elsewhere`);
  await vi.waitFor(() => expect(arrived()).toBe(true), 10_000);
}

describe("widgets", () => {
  const steps = () => named("widgets").map(({ w, a }) => `${w} ${a}`);

  test("an element with data-widget: shown, seen after a second of half of it, interacted with and converted, each once", async () => {
    stage.put(
      "/",
      html(
        `<div data-widget="poll-7" data-widget-version="2.1" data-widget-placement="top" style="height:100px">
           <button id="vote">Vote</button><button id="buy" data-widget-convert>Buy</button></div>
         <div style="height:3000px"></div><div data-widget="map" style="height:100px">map</div>`,
        `data-auto="widget"`,
      ),
    );
    const page = await stage.open("/");
    await vi.waitFor(async () => {
      await settle(page);
      expect(steps()).toContain("poll-7 seen");
    }, 10_000);
    for (let i = 0; i < 2; i++) await page.click("#vote");
    for (let i = 0; i < 2; i++) await page.click("#buy");
    await settle(page);
    expect(steps()).toEqual(["poll-7 shown", "map shown", "poll-7 seen", "poll-7 interacted", "poll-7 converted"]);
    expect(named("widgets")[0]).toMatchObject({ V: "2.1", P: "top" });
    await page.evaluate(() => document.querySelector("[data-widget=map]")?.scrollIntoView());
    await vi.waitFor(async () => {
      await settle(page);
      expect(steps()).toContain("map seen");
    }, 10_000);
  });

  test("in a shadow root, put in later, with an image that does not load; a form's submission converts; its own word counts", async () => {
    stage.put("/", html("", `data-auto="widget"`));
    const page = await stage.open("/");
    await page.evaluate(() => {
      const root = document.body.appendChild(document.createElement("my-box")).attachShadow({ mode: "open" });
      root.innerHTML = `<section data-widget="chat"><form><input name="getAttribute"><button>Go</button></form></section>`;
      // A submission does not leave its shadow root.
      root.addEventListener("submit", (event) => event.preventDefault());
      const light = document.body.appendChild(document.createElement("div"));
      light.dataset["widget"] = "ad";
      light.innerHTML = `<img src="/missing.png">`;
    });
    await vi.waitFor(async () => {
      await settle(page);
      expect(steps()).toEqual(expect.arrayContaining(["chat shown", "ad shown", "ad failed"]));
    }, 10_000);
    await page.evaluate(() => {
      document.querySelector("my-box")?.shadowRoot?.querySelector("button")?.click();
      const detail = { action: "loaded", properties: { rows: 3 } };
      document
        .querySelector("my-box")
        ?.shadowRoot?.querySelector("form")
        ?.dispatchEvent(new CustomEvent("millrace", { bubbles: true, composed: true, detail }));
    });
    await settle(page);
    expect(steps().filter((step) => step.startsWith("chat"))).toEqual([
      "chat shown",
      "chat interacted",
      "chat converted",
      "chat loaded",
    ]);
    const loaded = named("widgets").at(-1);
    expect(loaded).toMatchObject({ a: "loaded", p: { rows: 3 }, L: expect.any(Number) });
  });

  test("widget() names one without an element; every word of its own counts; properties are as they were; mistakes do not throw", async () => {
    stage.put("/", html("", `data-auto="widget"`));
    const page = await stage.open("/");
    await page.evaluate(() => {
      const poll = window.millrace.widget("poll", { version: "3", placement: "modal" });
      const properties = { choice: 1 };
      poll.interacted(properties);
      properties.choice = 2;
      poll.interacted(properties);
      window.millrace.widget("poll").converted();
      window.millrace.widget(undefined as unknown as string, null as unknown as object).failed();
    });
    await settle(page);
    expect(named("widgets").map(({ w, a, V, p }) => [w, a, V, p])).toEqual([
      ["poll", "shown", "3", undefined],
      ["poll", "interacted", "3", { choice: 1 }],
      ["poll", "interacted", "3", { choice: 2 }],
      ["poll", "converted", "3", undefined],
    ]);
  });

  test("in a frame of another origin, which says what it is to the page that allows it and to no other", async () => {
    const frame = (script: string) =>
      `<!doctype html><title>Widget</title><script src="${script}/t.frame.js" data-widget="poll" data-widget-version="9" data-parent="${stage.origin}"></script>
       <button data-widget-convert style="height:80px">Vote</button>`;
    stage.collector.put("/widget", frame(stage.collector.origin));
    const body = `<iframe src="${stage.collector.origin}/widget" width="300" height="120"></iframe>`;
    stage.put("/", html(body, `data-auto="widget" data-frames="https://a.example,${stage.collector.origin}"`));
    stage.put("/closed", html(body, `data-auto="widget" data-frames="https://a.example"`));
    const page = await stage.open("/");
    await vi.waitFor(async () => {
      await settle(page);
      expect(steps()).toEqual(expect.arrayContaining(["poll shown", "poll loaded", "poll seen"]));
    }, 10_000);
    await page.frameLocator("iframe").locator("button").click();
    await vi.waitFor(async () => {
      await settle(page);
      expect(steps()).toEqual(expect.arrayContaining(["poll interacted", "poll converted"]));
    }, 10_000);
    expect(named("widgets").every(({ V }) => V === "9")).toBe(true);
    expect(named("widgets").find(({ a }) => a === "loaded")?.L).toBeGreaterThan(0);

    const before = steps().length;
    const closed = await stage.open("/closed");
    await closed.frameLocator("iframe").locator("button").click();
    await closed.evaluate(() => window.millrace.track("later"));
    await settle(closed);
    expect(named("later")).toHaveLength(1);
    expect(steps()).toHaveLength(before);
  });
});

describe("what is measured", () => {
  test("how far down a page was seen, as increments beside the engaged time; anew on the next page", async () => {
    stage.put("/", html(`<div style="height:5000px"></div>`, `data-auto="page,engagement,scroll"`));
    const page = await stage.open("/");
    const increments = () => named("engagement").filter(({ m }) => m);
    const hide = () =>
      page.evaluate(async () => {
        await new Promise((done) => setTimeout(done, 150));
        for (const state of ["hidden", "visible"]) {
          Object.defineProperty(Document.prototype, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        }
        await window.millrace.flush();
      });
    await hide();
    await page.evaluate(() => scrollTo(0, 2140));
    await hide();
    await page.evaluate(() => scrollTo(0, 0));
    await hide();
    await page.evaluate(() => scrollTo(0, 99_999));
    await hide();
    const depths = increments().map(({ y }) => y ?? 0);
    expect(depths.slice(0, 3)).toEqual([14, 43, 0]);
    expect(depths.reduce((sum, depth) => sum + depth, 0)).toBe(100);
    await page.evaluate(() => history.pushState(null, "", "/next"));
    await hide();
    expect(increments().at(-1)).toMatchObject({ g: 2, y: 100 });
  });

  test("web vitals, once, with the load that is left", async () => {
    stage.put("/", html(`<h1>Large</h1><button>Press</button>`, `data-auto="vitals"`));
    const page = await stage.open("/");
    await page.click("button");
    await leave(page, () => named("web_vitals").length > 0);
    const [vitals] = named("web_vitals");
    expect(vitals?.p).toMatchObject({ fcp: expect.any(Number), lcp: expect.any(Number), ttfb: expect.any(Number) });
    expect(Object.values(vitals?.p ?? {}).every((value) => typeof value === "number" && value >= 0)).toBe(true);
    expect(named("web_vitals")).toHaveLength(1);
  });

  test("errors of scripts, each message once, with their place; an image that does not load is none", async () => {
    stage.put(
      "/",
      html(
        `<img src="/missing.png"><script>addEventListener("load", () => {
      for (let i = 0; i < 3; i++) setTimeout(() => { throw new RangeError("too far"); });
      Promise.reject("no reason"); Promise.reject(new TypeError("broken"));
    })</script>`,
        `data-auto="errors"`,
      ),
    );
    const page = await stage.open("/");
    await vi.waitFor(async () => {
      await settle(page);
      expect(named("script_errors")).toHaveLength(3);
    }, 10_000);
    const errors = named("script_errors").map(({ p }) => [p?.["message"], p?.["kind"], typeof p?.["place"]]);
    expect(errors).toEqual(
      expect.arrayContaining([
        ["too far", "RangeError", "string"],
        ["no reason", undefined, "undefined"],
        ["broken", "TypeError", "undefined"],
      ]),
    );
  });

  test("downloads, forms by name and copied links; no value, no text, no query", async () => {
    stage.put(
      "/",
      html(
        `<a id="a" href="/files/Report.PDF?token=secret">report</a><a id="b" href="/data" download>data</a><a id="c" href="/page">page</a>
         <form name="search" id="f"><input name="action" value="private"><input name="name"><button id="d">go</button></form>
         <p id="e">https://shop.example/p?token=secret</p><p id="g">private words</p>`,
        `data-auto="download,form,copy"`,
      ),
    );
    const page = await stage.open("/");
    await page.evaluate(() => {
      for (const type of ["click", "submit"])
        addEventListener(type, (event) => event.target instanceof HTMLButtonElement || event.preventDefault());
    });
    for (const id of ["#a", "#b", "#c", "#d"]) await page.click(id);
    for (const id of ["e", "g"]) {
      await page.evaluate((id) => getSelection()?.selectAllChildren(document.getElementById(id) as Element), id);
      await page.evaluate(() => document.dispatchEvent(new ClipboardEvent("copy", { bubbles: true })));
    }
    await settle(page);
    expect(all().map(({ n, x }) => [n, x])).toEqual([
      ["downloads", `${stage.origin}/files/Report.PDF`],
      ["downloads", `${stage.origin}/data`],
      ["form_submissions", "search"],
      ["link_copies", "https://shop.example/p"],
    ]);
    expect(stage.collector.received.map(({ text }) => text).join()).not.toMatch(/secret|private/);
  });
});

describe("which page is which", () => {
  const pages = () => named("pageviews").map(({ u, r }) => [u?.slice(stage.origin.length), r]);

  test("with data-hash and data-query pages of one path are told apart; nothing else of the address leaves", async () => {
    stage.put("/app", html("", `data-auto="page" data-hash data-query="p,id"`));
    const page = await stage.open("/app?p=5&secret=1#/cart");
    await page.evaluate(() => {
      history.pushState(null, "", "/app?p=5&secret=2#/cart");
      history.pushState(null, "", "/app?p=6&id=7&utm_source=x#/cart");
      location.hash = "#/done";
    });
    await settle(page);
    expect(pages()).toEqual([
      ["/app", "?p=5#/cart"],
      ["/app?utm_source=x", "?p=6&id=7#/cart"],
      ["/app?utm_source=x", "?p=6&id=7#/done"],
    ]);
    expect(stage.collector.received.map(({ text }) => text).join()).not.toContain("secret");
  });

  test("data-canonical counts the page that the link names, with where the visit came from", async () => {
    stage.put("/p/123", html("", `data-auto="page" data-canonical`, `<link rel="canonical" href="/product?x=1">`));
    const page = await stage.open("/p/123?utm_source=x&color=red");
    await page.evaluate(() => history.pushState(null, "", "/next"));
    await settle(page);
    expect(pages()).toEqual([
      ["/product?utm_source=x", undefined],
      ["/next", undefined],
    ]);
  });

  test("page() takes an address", async () => {
    stage.put("/", html("", `data-auto=""`));
    const page = await stage.open("/");
    await page.evaluate(() => {
      window.millrace.page("/step/2?utm_medium=mail&x=1", { step: 2 });
      window.millrace.page("https://shop.example/virtual");
      window.millrace.page({ step: 3 });
    });
    await settle(page);
    expect(named("pageviews").map(({ u, p }) => [u, p])).toEqual([
      [`${stage.origin}/step/2?utm_medium=mail`, { step: 2 }],
      ["https://shop.example/virtual", undefined],
      [`${stage.origin}/`, { step: 3 }],
    ]);
  });

  test("to tidy an address is no view: source parameters, a slash, index.html, capitals", async () => {
    stage.put("/about", html("", `data-auto="page"`));
    const page = await stage.open("/about?utm_source=news&fbclid=1");
    await page.evaluate(() => {
      for (const address of ["/about", "/about/", "/about/index.html", "/About?ref=x", "/about#top"]) {
        history.replaceState(null, "", address);
      }
    });
    await settle(page);
    expect(pages()).toEqual([["/about?utm_source=news&fbclid=1", undefined]]);
  });

  test("beforeSend changes, leaves out, and leaves out what it throws at", async () => {
    stage.put(
      "/user/ann",
      html(
        "",
        `data-auto="page" data-before-send="hook"`,
        `<script>function hook(event) {
        if (event.name === "bad") throw new Error("hook");
        if (event.name === "private") return null;
        return { ...event, url: event.url.replace(/ann/, "ID"), properties: { ...event.properties, seen: true } };
      }</script>`,
      ),
    );
    const page = await stage.open("/user/ann");
    await page.evaluate(() => {
      for (const name of ["private", "bad", "good"]) window.millrace.track(name, { a: 1 });
    });
    await settle(page);
    expect(all().map(({ n, u, p }) => [n, u?.slice(stage.origin.length), p])).toEqual([
      ["pageviews", "/user/ID", { seen: true }],
      ["good", undefined, { a: 1, seen: true }],
    ]);
  });

  test("a script that lacks the part for beforeSend records nothing: the hook was to take something out", async () => {
    stage.put("/user/bob", `<title>Bob</title>${stage.tag(`data-auto="page" data-before-send="hook"`, "t.js")}`);
    const page = await stage.open("/user/bob");
    await page.evaluate(() => window.millrace.track("open", { a: 1 }));
    await settle(page);
    expect(all()).toEqual([]);
  });
});
