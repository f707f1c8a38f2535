import { FiltersEngine, Request, type RequestType } from "@ghostery/adblocker";
import { once } from "node:events";
import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type Browser, type BrowserContext, type Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/chromium.ts";
import { filterLists } from "../../../scripts/filter-lists.ts";
import { ask, freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

// EasyList and EasyPrivacy, as they are published, on real pages: a blocker's own engine decides on every request of the browser.

const SITE = "shop.example";
const flags = [
  ...CHROMIUM_FLAGS,
  // Hosts with names: for these lists the site's own requests are other ones than those to a third party.
  "--host-resolver-rules=MAP *.example 127.0.0.1",
  "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
];

let engine: FiltersEngine;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let site: Server;
let origin: string;
let browser: Browser;
let context: BrowserContext;
let head = "";
let isOn = true;
let blocked: string[] = [];

beforeAll(async () => {
  engine = FiltersEngine.parse((await filterLists()).join("\n"));
  folder = await temporaryFolder();
  server = await startServer(folder.path, await freePort());
  // The site, and behind some of its paths Millrace, as in docs/tracker.md.
  site = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "";
    const behind = /^\/(data|analytics)(\/.*)/.exec(path)?.[2];
    if (behind === undefined) {
      return void outgoing
        .setHeader("Content-Type", "text/html")
        .end(`<!doctype html><title>Shop</title>${head}<body><button data-track="buy">Buy</button>`);
    }
    // DevTools does not intercept what a page sends while it is closed; an extension does.
    if (stops(origin + path, incoming.method === "POST" ? "fetch" : "script")) return void outgoing.destroy();
    const { hostname, port } = new URL(server.demo.url);
    const { method, headers } = incoming;
    incoming.pipe(
      forward({ hostname, port, path: behind, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  origin = `http://${SITE}:${(site.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: await findChromium(), args: flags });
});
beforeEach(async () => {
  isOn = true;
  blocked = [];
  context = await browser.newContext();
  await context.route("**/*", filter);
});
afterEach(() => context.close());
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
  await server.stop();
  await folder.remove();
});

function stops(url: string, type: RequestType): boolean {
  return isOn && engine.match(Request.fromRawDetails({ url, type, sourceUrl: `${origin}/` })).match;
}

/** What an extension does with a request. */
async function filter(route: Route): Promise<void> {
  const request = route.request();
  if (!stops(request.url(), request.resourceType() as RequestType)) return route.continue();
  blocked.push(new URL(request.url()).pathname);
  return route.abort("blockedbyclient");
}

const tag = (src: string, attributes = "") =>
  `<script defer src="${src}" data-key="${server.demo.writeKey}" ${attributes}></script>`;
const count = (collection: string) => ask(server.demo, "count", { event_collection: collection, timeframe: "today" });
async function lost(): Promise<number> {
  const response = await fetch(`${server.demo.url}/3.0/projects/${server.demo.project}/ledger`, {
    headers: { authorization: server.demo.masterKey },
  });
  const { result } = (await response.json()) as { result: { lost: number }[] };
  return result.reduce((sum, hour) => sum + hour.lost, 0);
}

test("served from the site itself under a path of its own, the script and its endpoint pass both lists; what the lists know does not", async () => {
  head = [
    tag("/data/t.js"),
    ...["/plausible.js", "/matomo.js", "https://www.google-analytics.com/analytics.js"].map(
      (src) => `<script defer src="${src}"></script>`,
    ),
  ].join("");
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.click("button");
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => count("buy")).toBe(1);
  expect(await count("pageviews")).toBe(1);
  expect(blocked.toSorted()).toEqual(["/analytics.js", "/matomo.js", "/plausible.js"]);
});

test("every name that a script of ours may have passes both lists, from the site and from a host of one's own", () => {
  const parts = ["", ".core", ".debug", ".frame", ".scroll.widgets", ".actions.errors.rules.scroll.vitals.widgets"];
  const paths = ["t.mjs", "v1/e", ...parts.flatMap((part) => [`t${part}.js`, `t${part}.1a2b3c4d.js`])];
  const stopped = ["/", "/data/"].flatMap((base) =>
    ["http://shop.example", "https://stats.company.example"].flatMap((host) =>
      paths.filter((path) => {
        const type = path === "v1/e" ? "fetch" : "script";
        const details = { url: host + base + path, sourceUrl: "https://shop.example/", type } as const;
        return engine.match(Request.fromRawDetails(details)).match;
      }),
    ),
  );
  expect(stopped).toEqual([]);
  const known = {
    url: "https://shop.example/matomo.php?idsite=1",
    sourceUrl: "https://shop.example/",
    type: "fetch",
  } as const;
  expect(engine.match(Request.fromRawDetails(known)).match).toBe(true);
});

test("where only the endpoint is blocked, what the page gave up is in the ledger as lost once it is not; what was closed away is nowhere", async () => {
  head = tag("/data/t.js", `data-auto="page"`);
  const before = await settled(server.demo);
  // A visitor's own rule: neither list has one that stops it.
  const lists = engine;
  engine = FiltersEngine.parse(`||${SITE}^*/v1/e$~script`);
  try {
    const closed = await context.newPage();
    await closed.goto(`${origin}/`);
    await closed.evaluate("millrace.flush()");
    await closed.close({ runBeforeUnload: true });
    expect(blocked).toContain("/data/v1/e");
    expect(await settled(server.demo)).toEqual(before);

    const page = await context.newPage();
    await page.goto(`${origin}/`);
    // Two megabytes, of which one may wait.
    await page.evaluate(
      `for (let i = 0; i < 100; i++) millrace.track("kept", { i, a: "x".repeat(9_000), b: "y".repeat(9_000) })`,
    );
    await page.evaluate("millrace.flush()");
    expect(await lost()).toBe(0);
    isOn = false;
    await page.evaluate("millrace.flush()");
    await expect.poll(lost).toBeGreaterThan(0);
    const after = await settled(server.demo);
    expect(after.stored - before.stored + (await lost())).toBe(101);
  } finally {
    engine = lists;
  }
});
