import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { setStage, settle } from "./support/stage.ts";

const stage = setStage();
const names = () => stage.collector.accepted().map(({ n }) => n);
const html = (body = "", head = "", tag = stage.tag()) =>
  `<!doctype html><meta charset="utf-8"><title>Guest</title>${head}${tag}<body>${body}`;
/** Situations from public bug reports; see fixtures/README.md. */
async function field(name: string): Promise<string> {
  const page = await readFile(new URL(`fixtures/${name}.html`, import.meta.url), "utf8");
  return page.replace("<!--TAG-->", stage.tag());
}

describe("situations from the field", () => {
  test("a site that tidies its address away has one view", async () => {
    stage.put("/utm-stripped.html", await field("utm-stripped"));
    const page = await stage.open("/utm-stripped.html?utm_source=news&utm_medium=email");
    await page.waitForURL((url) => url.search === "");
    await settle(page);
    expect(stage.collector.accepted().map(({ n, u }) => [n, u?.slice(stage.origin.length)])).toEqual([
      ["pageviews", "/utm-stripped.html?utm_source=news&utm_medium=email"],
    ]);
  });

  test("a link in a drawing, and an area of a map, lead out", async () => {
    stage.put(
      "/svg-link.html",
      (await field("svg-link")) +
        `<map name="m"><area id="area" shape="rect" coords="0,0,40,40" href="https://out.example/area?x=1"></map><img usemap="#m" width="40" height="40" alt="map">`,
    );
    await stage.context.route("https://out.example/**", (route) => route.fulfill({ status: 204 }));
    const page = await stage.open("/svg-link.html");
    await page.click("#click");
    await page.click("img");
    await settle(page);
    const clicks = stage.collector.accepted().filter(({ n }) => n === "outbound_clicks");
    expect(clicks.map(({ x }) => x)).toEqual(["https://out.example/svg", "https://out.example/area"]);
  });

  test("one click on a label is one, and one on its control is one", async () => {
    stage.put("/label.html", await field("label"));
    const page = await stage.open("/label.html");
    await page.click("#click", { position: { x: 5, y: 8 } });
    await settle(page);
    expect(names()).toEqual(["pageviews", "newsletter_ticked"]);
    await page.click("input");
    await settle(page);
    expect(names()).toEqual(["pageviews", "newsletter_ticked", "newsletter_ticked"]);
  });

  test.each([
    ["the control in the label", `<label id="l">Yes <input type="checkbox" data-track="ticked"></label>`, ["ticked"]],
    [
      "the control beside it",
      `<label id="l" for="c">Yes</label><input type="radio" id="c" data-track="chosen">`,
      ["chosen"],
    ],
    [
      "both of one element",
      `<p data-track="row"><label id="l" for="c">Yes</label><input type="checkbox" id="c"></p>`,
      ["row"],
    ],
    [
      "each of its own",
      `<label id="l" for="c" data-track="label">Yes</label><input type="checkbox" id="c" data-track="box">`,
      ["label", "box"],
    ],
    ["a button's", `<label id="l">Go <button type="button" data-track="pressed">x</button></label>`, ["pressed"]],
  ])("a click on a label counts what is tagged, once: %s", async (_name, body, expected) => {
    stage.put("/", `<!doctype html><title>Label</title>${stage.tag(`data-auto="tag"`)}<body>${body}`);
    const page = await stage.open("/");
    await page.click("#l", { position: { x: 3, y: 8 } });
    await settle(page);
    expect(names()).toEqual(expected);
  });

  test("a form's fields may have any name", async () => {
    stage.put(
      "/form-attributes.html",
      (await field("form-attributes")).replace("</form>", `<input name="localName"><input name="matches"></form>`),
    );
    const page = await stage.open("/form-attributes.html");
    await page.click("#click");
    await settle(page);
    expect(names()).toEqual(["pageviews", "added_to_cart"]);
  });

  test("a document in a frame that has no address of its own adds no view; one in the page does", async () => {
    stage.put("/srcdoc.html", await field("srcdoc"));
    const page = await stage.open("/srcdoc.html");
    const frame = await vi.waitFor(() => {
      const inner = page.frames()[1];
      if (!inner) throw new Error("no frame yet");
      return inner;
    });
    await frame.waitForFunction("window.millrace && !millrace.q");
    await frame.evaluate(() => window.millrace.track("inside"));
    await frame.evaluate(() => window.millrace.flush());
    await settle(page);
    expect(stage.collector.accepted().map(({ n, u }) => [n, u?.slice(stage.origin.length)])).toEqual(
      expect.arrayContaining([
        ["inside", ""],
        ["pageviews", "/srcdoc.html"],
      ]),
    );
    expect(names().filter((name) => name === "pageviews")).toHaveLength(1);
  });

  test("a burst leaves out nothing, least of all the view", async () => {
    stage.put("/burst.html", await field("burst"));
    await stage.open("/burst.html");
    await vi.waitFor(() => expect(names()).toHaveLength(701), 20_000);
    expect(names()[0]).toBe("pageviews");
  });

  test("after document.open() clicks are seen, once, and what waits is sent as the page is left", async () => {
    stage.put("/", html());
    await stage.context.route("https://out.example/**", (route) => route.fulfill({ status: 204 }));
    const page = await stage.open("/");
    await page.evaluate(() => {
      document.open();
      document.write(`<a id="x" href="https://out.example/x">go</a><button data-track="b">b</button>`);
      document.close();
    });
    await page.click("button");
    await page.click("#x");
    await settle(page);
    expect(names()).toEqual(["pageviews", "b", "outbound_clicks"]);
    await page.evaluate(() => window.millrace.track("last"));
    await page.goto("about:blank");
    await expect.poll(names).toContain("last");
  });
});

describe("what a page does to its own browser", () => {
  test("elements with the names of what the tracker reads", async () => {
    const shadowing = ["title", "referrer", "visibilityState", "currentScript", "addEventListener", "querySelector"];
    shadowing.push("documentElement", "baseURI");
    stage.put(
      "/",
      html(
        "",
        `<form id="millrace"><input name="q"><input name="track"></form>${shadowing.map((name) => `<img name="${name}" alt="">`).join("")}`,
        stage.tag("", "t.scroll.js"),
      ),
    );
    const page = await stage.open("/", { clock: true });
    await page.evaluate(() => history.pushState(null, "", "/second"));
    await page.clock.runFor(1000);
    await page.evaluate(() => history.pushState(null, "", "/third"));
    await settle(page);
    const views = stage.collector.accepted().filter(({ n }) => n === "pageviews");
    expect(views.map(({ T }) => T)).toEqual(["Guest", "Guest", "Guest"]);
    expect(stage.collector.accepted().find(({ n }) => n === "engagement")?.y).toBe(100);
  });

  test("toJSON on lists, texts and numbers; a Date keeps its own", async () => {
    stage.put(
      "/",
      html(
        "",
        `<script>for (const kind of [Array, String, Number]) kind.prototype.toJSON = function () { return "spoilt" }</script>`,
        stage.tag("", "t.widgets.js"),
      ),
    );
    const page = await stage.open("/");
    await page.evaluate(() => {
      const properties = { items: ["a", 1], at: new Date(0) };
      window.millrace.track("order", properties);
      window.millrace.widget("poll").converted(properties);
    });
    await settle(page);
    const kept = { items: ["a", 1], at: "1970-01-01T00:00:00.000Z" };
    expect(stage.collector.accepted().find(({ n }) => n === "order")?.p).toEqual(kept);
    expect(stage.collector.accepted().find(({ a }) => a === "converted")?.p).toEqual(kept);
  });

  test.each([
    ["throws", `() => { throw new Error("no") }`],
    ["gives nothing", `() => undefined`],
    ["gives no Response", `async () => ({ status: 200 })`],
    ["rejects", `() => Promise.reject(1)`],
  ])("a fetch that %s is a network that fails, and no error of the page", async (_what, fetch) => {
    stage.put("/", html("", `<script>fetch = ${fetch}</script>`));
    const errors: string[] = [];
    const page = await stage.context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${stage.origin}/`);
    await page.evaluate(async () => {
      window.millrace.track("a");
      await window.millrace.flush();
    });
    await page.goto("about:blank");
    expect(errors).toEqual([]);
  });
});

describe("settings", () => {
  test("without the tag's attributes, as a tag manager leaves it: the stub has them", async () => {
    stage.put(
      "/",
      `<title>x</title><script>millrace = { key: "STUB", auto: "page", q: [["track", "early"]] }</script>
       <script defer src="${stage.collector.origin}/t.js"></script>`,
    );
    const page = await stage.open("/");
    await settle(page);
    expect(stage.collector.received[0]?.body.k).toBe("STUB");
    expect(names()).toEqual(["pageviews", "early"]);
  });

  test("a loader that evaluates the script elsewhere: the tag is found by its key", async () => {
    stage.put(
      "/",
      `<title>x</title><script type="loader" src="${stage.collector.origin}/t.js" data-key="FOUND"></script>
       <script>addEventListener("load", async () => {
         const text = await (await fetch(document.querySelector("script[data-key]").src)).text();
         setTimeout(() => (0, eval)(text));
       })</script>`,
    );
    const page = await stage.open("/");
    await page.waitForFunction("window.millrace");
    await settle(page);
    expect(stage.collector.received[0]?.body.k).toBe("FOUND");
    expect(stage.collector.log.at(-1)).toBe("POST /v1/e");
  });

  test("two projects on a page, each under a name of its own", async () => {
    const { origin } = stage.collector;
    stage.put(
      "/",
      `<title>x</title><script defer src="${origin}/t.js" data-key="ONE"></script>
       <script defer src="${origin}/t.js" data-key="TWO" data-global="other"></script>`,
    );
    const page = await stage.open("/");
    await settle(page);
    await page.evaluate("other.flush()");
    expect(stage.collector.received.map(({ body }) => body.k).sort()).toEqual(["ONE", "TWO"]);
  });

  test("the second of two with one name is told of, and starts nothing", async () => {
    const { origin } = stage.collector;
    stage.put(
      "/",
      `<title>x</title><script defer src="${origin}/t.js" data-key="ONE"></script>
       <script defer src="${origin}/t.js" data-key="TWO"></script>`,
    );
    const warnings: string[] = [];
    const page = await stage.context.newPage();
    page.on("console", (message) => warnings.push(message.text()));
    await page.goto(`${stage.origin}/`);
    await settle(page);
    expect(stage.collector.received.map(({ body }) => body.k)).toEqual(["ONE"]);
    expect(warnings).toContain("millrace millrace taken");
  });

  test("switched off by the site, in the stub or in the tag: not one request, whatever is called", async () => {
    stage.put("/", html("", `<script>millrace = { off: location.hash === "#staff", q: [] }</script>`));
    stage.put("/tag", html("", "", stage.tag("data-off")));
    for (const path of ["/#staff", "/tag"]) {
      const page = await stage.open(path);
      await page.evaluate(() => {
        window.millrace.track("a");
        window.millrace.optIn();
        return window.millrace.flush();
      });
      await page.goto("about:blank");
    }
    expect(stage.collector.received).toEqual([]);
    await settle(await stage.open("/"));
    expect(names()).toEqual(["pageviews"]);
  });

  test("a switch that says false is off", async () => {
    stage.put(
      "/",
      html("", `<script>millrace = { off: false, hash: false, q: [] }</script>`, stage.tag("", "t.rules.js")),
    );
    stage.put("/tag", html("", "", stage.tag(`data-off="false" data-hash="false"`, "t.rules.js")));
    await settle(await stage.open("/#part"));
    await settle(await stage.open("/tag#part"));
    expect(stage.collector.accepted().map(({ u, r }) => [u?.slice(stage.origin.length), r])).toEqual([
      ["/", undefined],
      ["/tag", undefined],
    ]);
  });

  test("what a script lacks the part for is named in the console, and breaks nothing", async () => {
    const { origin } = stage.collector;
    const early = `<script>millrace = { q: [["widget", "early"]] }</script>`;
    const attributes = `data-auto="page,scroll" data-hash data-query="p" data-frames="https://w.example" data-nscript="x"`;
    stage.put("/tag", html("", early, stage.tag(attributes)));
    stage.put("/whole", html("", "", stage.tag(`data-auto="page,scroll" data-hash`, "t.rules.scroll.js")));
    stage.put("/hook", html("", "", stage.tag(`data-before-send="hook"`)));
    stage.put(
      "/module",
      `<title>Module</title><script type="module">
        import { init, scroll } from "${origin}/t.mjs";
        const options = { auto: ["page", "scroll", "form"], canonical: true, hash: false };
        window.millrace = init({ key: "M", endpoint: "${origin}/v1/e", ...options }, [scroll]);
      </script>`,
    );
    const lackedBy = async (path: string) => {
      const said: string[] = [];
      const page = await stage.context.newPage();
      page.on("pageerror", (error) => said.push(error.message));
      page.on("console", (message) => message.type() === "warning" && said.push(message.text()));
      await page.goto(stage.origin + path);
      await page.waitForFunction("window.millrace && !millrace.q");
      await page.evaluate("millrace.widget('poll').converted({ choice: 1 })");
      await settle(page);
      return said.map((text) => text.replace("millrace lacks the part for ", "")).sort();
    };
    expect(await lackedBy("/tag")).toEqual(["frames", "hash", "query", "scroll", "widget", "widget"]);
    expect(await lackedBy("/whole")).toEqual(["widget"]);
    expect(await lackedBy("/hook")).toEqual(["beforeSend", "widget"]);
    expect(await lackedBy("/module")).toEqual(["canonical", "form", "widget"]);
    expect(names().filter((name) => name !== "engagement")).toEqual(["pageviews", "pageviews", "pageviews"]);
  });

  test("as a module, with the parts it is given", async () => {
    stage.put(
      "/",
      `<title>Module</title><script type="module">
        import { init, widgets } from "${stage.collector.origin}/t.mjs";
        window.millrace = init({ key: "MODULE", endpoint: "${stage.collector.origin}/v1/e" }, [widgets]);
        millrace.widget("poll").converted();
      </script>`,
    );
    const page = await stage.open("/");
    await page.waitForFunction("window.millrace");
    await settle(page);
    expect(names()).toEqual(["pageviews", "widgets", "widgets"]);
  });

  test("a pinned script with its integrity runs; another content under that name does not", async () => {
    const file = stage.pinned("t.core.js");
    const tag = (integrity: string) =>
      `<title>x</title><script defer crossorigin="anonymous" integrity="${integrity}" src="${stage.collector.origin}/${file.name}" data-key="K"></script>`;
    stage.put("/", tag(file.integrity));
    stage.put(
      "/other",
      tag(file.integrity.replace(/^(.{20})(.)/, (_, start, digit) => start + (digit === "A" ? "B" : "A"))),
    );
    await settle(await stage.open("/"));
    expect(names()).toEqual(["pageviews"]);
    const other = await stage.open("/other");
    expect(await other.evaluate("typeof millrace")).toBe("undefined");
  });

  test("the debugging script prints each event, and the server's word", async () => {
    stage.put("/", html("", "", stage.tag("", "t.debug.js")));
    const lines: string[] = [];
    const page = await stage.context.newPage();
    page.on("console", (message) => lines.push(message.text()));
    await page.goto(`${stage.origin}/`);
    await settle(page);
    await vi.waitFor(() => expect(lines.join("\n")).toMatch(/millrace on.*millrace event.*millrace server: 202/s));
  });
});
