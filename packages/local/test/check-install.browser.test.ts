import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findingsOf } from "../../../scripts/check-install/findings.ts";
import { readPage } from "../../../scripts/check-install/read.ts";
import { visitPage } from "../../../scripts/check-install/visit.ts";
import { CHROMIUM_FLAGS, findChromium } from "../../../scripts/chromium.ts";
import { ask, freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let site: Server;
let origin: string;
let browser: Browser;
let html = "";
let policy: string | undefined;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder.path, await freePort());
  site = createServer((request, response) => {
    if (policy !== undefined) response.setHeader("Content-Security-Policy", policy);
    response.setHeader("Content-Type", "text/html").writeHead(request.url === "/gone" ? 404 : 200);
    response.end(`<!doctype html><title>Checked</title>${html}`);
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
});
beforeEach(() => {
  policy = undefined;
});
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
  await server.stop();
  await folder.remove();
});

const tag = (attributes = "", src = `${server.demo.url}/t.js`, key = server.demo.writeKey) =>
  `<script defer src="${src}" data-key="${key}" ${attributes}></script>`;
/** `npm run NAME -- ...`, on the server's data. */
const command = (name: string, ...args: string[]) =>
  promisify(execFile)(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      fileURLToPath(new URL(`../../../scripts/${name}.ts`, import.meta.url)),
      ...args,
    ],
    { env: { ...process.env, MILLRACE_DATA: folder.path } },
  );
const admin = async (...args: string[]) => (await command("admin", ...args)).stdout;
/** What the check finds on a page with this in it. */
async function found(page: string, path = "/"): Promise<string[]> {
  html = page;
  return findingsOf(await visitPage(browser, origin + path), server.demo.writeKey).map(({ name }) => name);
}

test("a page that works: the event it names is the one that is stored, and nothing is wrong", async () => {
  html = tag();
  const findings = findingsOf(await visitPage(browser, `${origin}/`), server.demo.writeKey);
  expect(findings.map(({ name, isProblem }) => [name, isProblem])).toEqual([["works", false]]);
  await settled(server.demo);
  const stored = await ask(server.demo, "extraction", {
    event_collection: "pageviews",
    timeframe: "today",
    bots: "include",
  });
  const ids = (stored as { keen: { id: string } }[]).map(({ keen }) => keen.id);
  expect(ids).toHaveLength(1);
  expect(findings[0]?.text).toContain(ids[0]);
});

test("no script, no key, another key, twice the same, a page that is not there", async () => {
  expect(await found("<p>nothing</p>")).toEqual(["no-script"]);
  expect(await found(`<script defer src="${server.demo.url}/t.js"></script>`)).toEqual(["no-key", "warning"]);
  expect(await found(tag("", undefined, "ab".repeat(32)))).toEqual(["other-key", "warning", "refused"]);
  expect(await found(tag() + tag())).toEqual(["duplicate", "warning", "works"]);
  expect(await found(tag(), "/gone")).toEqual(["page-failed"]);
  const unreachable = await visitPage(browser, `http://127.0.0.1:${await freePort()}/`);
  expect(findingsOf(unreachable).map(({ name }) => name)).toEqual(["page-failed"]);
});

test("a script that is a page, one that is not there, one of a host that is gone; an endpoint that is elsewhere or gone", async () => {
  expect(await found(tag("", `${origin}/t.js`))).toEqual(["script-failed"]);
  expect(await found(tag("", `${server.demo.url}/t.nothing.js`))).toEqual(["script-failed"]);
  const gone = `http://127.0.0.1:${await freePort()}`;
  expect(await found(tag("", `${gone}/t.js`))).toEqual(["script-failed"]);
  expect(await found(tag(`data-endpoint="${gone}/v1/e"`))).toEqual(["endpoint-unreachable"]);
  expect(await found(tag(`data-endpoint="${origin}/v1/e"`))).toEqual(["not-millrace"]);
});

test("a policy that stops the script, or what it sends, is told by its directive", async () => {
  policy = "default-src 'none'";
  expect(await found(tag())).toEqual(["script-stopped-by-policy"]);
  policy = `default-src 'none'; script-src ${server.demo.url}`;
  expect(await found(tag())).toEqual(["endpoint-stopped-by-policy"]);
  policy = `default-src 'none'; script-src ${server.demo.url}; connect-src ${server.demo.url}`;
  expect(await found(tag())).toEqual(["works"]);
});

test("a site that the project does not name is told by its origin", async () => {
  const { project, writeKey } = JSON.parse(await admin("create-project", "Shop", "--json")) as Record<string, string>;
  await admin("change", project ?? "", "--origin", "https://shop.example");
  html = tag("", undefined, writeKey);
  const findings = findingsOf(await visitPage(browser, `${origin}/`), writeKey);
  expect(findings.map(({ name }) => name)).toEqual(["warning", "refused"]);
  expect(findings[1]?.text).toContain(`answers 403: Pages of ${origin} may not record in this project`);
});

test("a visitor's blocker, consent that is waited for, a switch, privacy: each is told from a fault", async () => {
  const src = "https://stats.example/t.js";
  const blocked = { src, key: "K", global: "millrace", isOff: false, failure: "net::ERR_BLOCKED_BY_CLIENT" };
  expect(findingsOf({ status: 200, tags: [blocked], ran: undefined }).map(({ name }) => name)).toEqual([
    "script-blocked",
  ]);
  expect(await found(`<script>millrace = { q: [["optOut"]] }</script>${tag()}`)).toEqual(["consent", "works"]);
  expect(await found(tag("data-off"))).toEqual(["off"]);
  expect(await found(tag(`data-auto=""`))).toEqual(["silent"]);
  const gpc = `<script>Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { value: true })</script>`;
  expect(await found(gpc + tag())).toEqual(["private"]);
  expect(await found(tag(`data-hash`))).toEqual(["warning", "works"]);
});

test("without a browser the tag is read and its script loaded; the command says it all, and exits accordingly", async () => {
  html = `<script data-key='${server.demo.writeKey}' defer src=${server.demo.url}/t.js></script>`;
  expect(findingsOf(await readPage(`${origin}/`)).map(({ name }) => name)).toEqual(["only-read"]);
  html = tag("", `${origin}/t.js`);
  expect(findingsOf(await readPage(`${origin}/`)).map(({ name }) => name)).toEqual(["script-failed"]);

  const run = (...args: string[]) =>
    command("check-install", ...args).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );
  expect(await run(`${origin}/`, "--read")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^✗ script-failed: /),
  });
  html = tag();
  expect(await run(`${origin}/`, "--key", server.demo.writeKey)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^✓ works: pageviews is accepted as [0-9a-f]{32}\.\d+ by /),
  });
  expect(await run("nowhere")).toMatchObject({ code: 2 });
});
