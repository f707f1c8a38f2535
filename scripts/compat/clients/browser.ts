import { deepStrictEqual as same, ok } from "node:assert";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM_FLAGS, findChromium } from "../../chromium.ts";
import type { Case, Client } from "../case.ts";
import { COLLECTION, TIMEFRAME } from "../events.ts";
import { questionCases, type Ask } from "../questions.ts";
import type { Stage } from "../stage.ts";
import { analysisCases, optionsOf, type Analysis } from "./analysis.ts";
import type { NpmClients } from "./npm.ts";
import { recordingCases } from "./recording.ts";

/** Each client of its own: beside another they build on each other's `Keen`, and keen-tracking's knows no datasets. */
const script = (file: string, name: string, ...globals: string[]) =>
  `<script src="${file}"></script>
   <script>${name} = ${globals.map((global) => `window.${global}`).join(" || ")}; for (const n of ${JSON.stringify(globals)}) delete window[n]</script>`;

const PAGE = `<!doctype html><title>Shop</title><div id="chart"></div>
  ${script("/tracking.js", "KT", "KeenTracking", "Keen")}
  ${script("/analysis.js", "KA", "KeenAnalysis", "Keen")}
  ${script("/dataviz.js", "KD", "KeenDataviz", "Keen")}
  ${script("/keen-js.js", "KJ", "KeenJs")}`;

/** A page of another origin than the server's, as those of Keen's customers are, with all of its browser clients in it. */
async function openPage(npm: NpmClients, stack: AsyncDisposableStack): Promise<Page> {
  const file = (name: string, path: string) => readFile(join(npm.folder, "node_modules", name, path));
  const keenJs = await build({
    entryPoints: [join(npm.folder, "node_modules/keen-js/src/keen.js")],
    bundle: true,
    write: false,
    globalName: "KeenJs",
    define: { global: "window" },
    logLevel: "error",
  });
  const files = new Map<string, string | Buffer | Uint8Array>([
    ["/tracking.js", await file("keen-tracking", "dist/keen-tracking.min.js")],
    ["/analysis.js", await file("keen-analysis", "dist/keen-analysis.min.js")],
    ["/dataviz.js", await file("keen-dataviz", "dist/keen-dataviz.min.js")],
    ["/keen-js.js", keenJs.outputFiles[0]?.contents ?? ""],
  ]);
  const server = createServer(({ url = "/" }, response) => {
    const content = files.get(url);
    response.setHeader("content-type", content ? "text/javascript" : "text/html");
    response.end(content ?? PAGE);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  stack.defer(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/shop/basket?utm_source=news`);
  return page;
}

/** What happened in the page, carried out of it: an error there is an error here. */
type Carried = { readonly value: unknown } | { readonly error: object };

function carriedOut(carried: Carried): unknown {
  if ("value" in carried) return carried.value;
  throw Object.assign(new Error("refused"), carried.error);
}

/**
 * Runs a piece of JavaScript in the page with `given`; it has the clients as KT, KA, KD and KJ, and `call(f)` for the promise of a call
 * with Node's kind of callback.
 */
async function inPage(page: Page, code: string, given: unknown): Promise<unknown> {
  const body = `async (given) => {
    const call = (f) => new Promise((resolve, reject) => f((error, value) => (error ? reject(error) : resolve(value))));
    try { return { value: await (async () => { ${code} })() }; }
    catch (e) { return { error: { message: String(e && e.message), ...e, code: e && e.code } }; }
  }`;
  return carriedOut((await page.evaluate(`(${body})(${JSON.stringify(given)})`)) as Carried);
}

/** The four clients that run in browsers. */
export async function browserClients(stage: Stage, npm: NpmClients, stack: AsyncDisposableStack): Promise<Client[]> {
  const page = await openPage(npm, stack);
  const { project, writeKey } = stage.keys;
  const host = `127.0.0.1:${stage.port}`;
  return [
    {
      name: "keen-tracking, browser",
      version: await npm.version("keen-tracking"),
      host: "`host: 'HOST:PORT'`, `protocol`",
      cases: trackingCases(stage, page, { projectId: project, writeKey, host, protocol: "http" }),
    },
    {
      name: "keen-analysis, browser",
      version: await npm.version("keen-analysis"),
      host: "`host: 'HOST:PORT'`, `protocol`",
      cases: analysisCases(
        stage,
        (keys = {}) => analysisIn(page, stage, { host, protocol: "http", ...keys }),
        "browser",
      ),
    },
    {
      name: "keen-dataviz",
      version: await npm.version("keen-dataviz"),
      host: "draws what keen-analysis was answered",
      cases: chartCases(page, analysisIn(page, stage, { host, protocol: "http" })),
    },
    {
      name: "keen-js, browser",
      version: await npm.version("keen-js"),
      host: "`host: 'HOST:PORT/3.0'`, `protocol`",
      cases: keenJsCases(stage, page, `${host}/3.0`),
    },
  ];
}

function trackingCases(stage: Stage, page: Page, options: object): Case[] {
  const record = (collection: string, event: object, more: object = {}) =>
    inPage(
      page,
      `const client = new KT({ ...given.options });
       return await call((done) => client.recordEvent({ event_collection: given.collection, event: given.event, callback: done, ...given.more }));`,
      { options, collection, event, more },
    );
  const recorded = (method: string, more: object): Case => ({
    method,
    async run() {
      const collection = stage.collection("transport");
      await record(collection, { n: 1 }, more);
      same((await stage.rows(collection, 1)).length, 1);
    },
  });
  return [
    ...recordingCases(stage, {
      // Its callback is not called for a refusal: the promise gives the answer of fetch as it is.
      one: (collection, event) =>
        inPage(
          page,
          `const answer = await new KT(given.options).recordEvent(given.collection, given.event);
           if (answer && answer.ok === false) throw await answer.json();
           return answer && answer.created;`,
          { options, collection, event },
        ),
      many: (batch) =>
        inPage(page, `return await (await new KT(given.options).recordEvents(given.batch)).json();`, {
          options,
          batch,
        }),
    }),
    recorded("by image", { requestType: "img" }),
    {
      method: "by beacon",
      async run() {
        const collection = stage.collection("beacon");
        const beacon = { ...options, requestType: "beaconAPI" };
        await inPage(page, `new KT(given.beacon).recordEvent(given.collection, { n: 1 });`, { beacon, collection });
        same((await stage.rows(collection, 1)).length, 1);
      },
    },
    {
      method: "automatic tracking",
      async run() {
        await inPage(page, `new KT(given.options).initAutoTracking({ recordScrollState: false });`, { options });
        const [row] = await stage.rows("pageviews", 1);
        const { url, tech } = row as {
          url: { info: { path: string } };
          tech: { profile: object; os: { family: string } };
        };
        same(url.info.path, "/shop/basket");
        ok(tech.profile !== undefined && tech.os.family !== "");
        // Ours beside Keen's: a beacon to another site says nothing of the page, the event does.
        const asked = new URLSearchParams({
          event_collection: "pageviews",
          group_by: '["$page.path","$utm.source"]',
          api_key: stage.keys.readKey,
        });
        const answer = await fetch(`${stage.url}/3.0/projects/${stage.keys.project}/queries/count?${asked.toString()}`);
        same(await answer.json(), { result: [{ "$page.path": "/shop/basket", "$utm.source": "news", result: 1 }] });
      },
    },
  ];
}

/** keen-analysis of the page, driven from here. */
function analysisIn(page: Page, stage: Stage, options: object): Analysis {
  const all = { ...optionsOf(stage), ...options };
  const run = (method: string) => (request: object) =>
    inPage(page, `return await new KA({ cache: false, ...given.all })[given.method](given.request);`, {
      all,
      method,
      request,
    });
  const base = `${stage.url}/3.0/projects/${stage.keys.project}`;
  return {
    query: run("query"),
    get: run("get"),
    put: run("put"),
    post: run("post"),
    del: run("del"),
    url: (...path) => [base, ...path.filter((part) => part !== "projectId").map(encodeURIComponent)].join("/"),
  };
}

/** What is drawn, as what, of which answer, and words that are then to be read. */
type Chart = readonly [method: string, type: string, question: object, words: string];

const CHARTS: readonly Chart[] = [
  ["metric", "metric", { analysis_type: "count" }, "40"],
  ["line of an interval", "line", { analysis_type: "count", interval: "daily" }, "Jan 5 Jan 6 Jan 7"],
  ["bars of groups", "bar", { analysis_type: "sum", target_property: "price", group_by: "country" }, "DE PL US"],
  [
    "stacked areas of groups and an interval",
    "area",
    { analysis_type: "count", interval: "daily", group_by: "country" },
    "Jan 5 Jan 6 Jan 7",
  ],
  ["pie", "pie", { analysis_type: "count", group_by: "country" }, "35.0%"],
  ["table of rows", "table", { analysis_type: "extraction", latest: 5 }, "country price user"],
];

function chartCases(page: Page, client: Analysis): Case[] {
  const drawn = ([method, type, question, words]: Chart): Case => ({
    method: `chart: ${method}`,
    async run() {
      const answer = await client.query(question);
      const { text, shapes } = (await inPage(
        page,
        `const chart = document.querySelector("#chart"); chart.innerHTML = "";
         const shapes = () => chart.querySelectorAll("svg path, svg rect, svg polygon, td, .keen-dataviz-metric-value").length;
         new KD({ container: "#chart", type: given.type, animated: false }).render(given.answer);
         for (let tries = 0; tries < 50 && shapes() === 0; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
         return { text: chart.innerText.replace(/\\s+/g, " "), shapes: shapes() };`,
        { type, answer },
      )) as { text: string; shapes: number };
      ok(shapes > 0 && text.includes(words), text.slice(0, 200));
      ok(!text.includes("$"), "the table has columns that are none of its owner's");
    },
  });
  const common = { event_collection: COLLECTION, timeframe: TIMEFRAME };
  const step = (country: string) => ({
    event_collection: COLLECTION,
    actor_property: "user",
    timeframe: TIMEFRAME,
    filters: [{ property_name: "country", operator: "eq", property_value: country }],
  });
  const funnel = { analysis_type: "funnel", steps: [step("PL"), step("US")] };
  return [
    ...CHARTS.map(([method, type, question, words]) => drawn([method, type, { ...common, ...question }, words])),
    drawn(["funnel", "funnel", funnel, "purchases purchases 11 11"]),
  ];
}

function keenJsCases(stage: Stage, page: Page, host: string): Case[] {
  const { project, writeKey, readKey, masterKey } = stage.keys;
  const options = { projectId: project, writeKey, readKey, masterKey, host, protocol: "http" };
  const run = (code: string, given: object) =>
    inPage(page, `const client = new KJ(given.options); ${code}`, { options, ...given });
  const ask: Ask = (analysis, parameters) =>
    run(`return await call((done) => client.run(new KJ.Query(given.analysis, given.parameters), done));`, {
      analysis,
      parameters,
    });
  return [
    // By JSONP, its default.
    ...recordingCases(stage, {
      one: (collection, event) =>
        run(`return await call((done) => client.addEvent(given.collection, given.event, done));`, {
          collection,
          event,
        }),
      many: (batch) => run(`return await call((done) => client.addEvents(given.batch, done));`, { batch }),
    }),
    ...questionCases(ask),
  ];
}
