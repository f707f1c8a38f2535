// The tracker beside other published scripts: what a browser downloads, and main-thread time of its start and of a click, slowed down four times.
//
// Each script runs in pages of its own in Chromium under DevTools' CPU throttling, against a server that answers at once. Start: the
// browser's own count of time in scripts (Performance.getMetrics) until the page is idle, less that of the same page without one. Click:
// the same for twenty clicks on a link to another host, by one. The others' scripts come from the package registry, by its ordinary
// client, into a temporary folder that is removed again: nothing of theirs is part of this project.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { build } from "esbuild";
import { chromium, type Browser } from "playwright-core";
import { builtTracker } from "../packages/tracker/build.ts";
import { EXTRAS, scriptNamed, sizes } from "../packages/tracker/pieces.ts";
import { CHROMIUM_FLAGS, findChromium } from "../scripts/chromium.ts";

const HELP = `npm run bench -- tracker [--rounds N]

  --rounds N   page loads per script (default 9); medians are printed`;
const THROTTLE = 4;
const CLICKS = 20;
const run = promisify(execFile);

interface Candidate {
  readonly name: string;
  readonly script: string;
  /** Attributes of its tag. */
  readonly attributes: string;
}

function roundsOf(argv: readonly string[]): number {
  const { values } = parseArgs({
    args: [...argv],
    options: { help: { type: "boolean" }, rounds: { type: "string", default: "9" } },
  });
  const rounds = Number(values.rounds);
  if (values.help !== true && Number.isInteger(rounds) && rounds > 0) return rounds;
  console.log(HELP);
  process.exit(values.help === true ? 0 : 2);
}

/** The others as they are published: built files, and Umami's source shortened as its own build does. */
async function others(folder: string): Promise<Candidate[]> {
  const unpacked = async (spec: string) => {
    await run("npm", ["pack", spec, "--silent"], { cwd: folder });
    const [archive = ""] = (await run("sh", ["-c", "ls -t *.tgz | head -1"], { cwd: folder })).stdout.split("\n");
    await run("sh", ["-c", `rm -rf package && tar xzf ${archive}`], { cwd: folder });
    return join(folder, "package");
  };
  const bundle = async (contents: string, resolveDir: string) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir },
      bundle: true,
      minify: true,
      write: false,
      format: "iife",
      logLevel: "silent",
    });
    return outputFiles[0]?.text ?? "";
  };
  const plausible = await bundle(
    `import { init } from "./plausible.js"; init({ domain: "x.example", endpoint: location.origin + "/in", outboundLinks: true, captureOnLocalhost: true });`,
    await unpacked("@plausible-analytics/tracker@0.4.6"),
  );
  const umami = await bundle(`import "./src/tracker/index.js";`, await unpacked("umami@2.10.0"));
  const keen = await readFile(join(await unpacked("keen-tracking@5.0.1"), "dist/keen-tracking.min.js"), "utf8");
  const start = `;new Keen({ projectId: "p", writeKey: "k", host: location.host, protocol: "http" }).initAutoTracking();`;
  return [
    { name: "Plausible 0.4.6 (outbound links on)", script: plausible, attributes: "" },
    { name: "Umami 2.10.0", script: umami, attributes: `data-website-id="w"` },
    { name: "keen-tracking 5.0.1 (auto-tracking)", script: keen + start, attributes: "" },
  ];
}

async function ours(): Promise<Candidate[]> {
  const pieces = await builtTracker();
  return ["t.core.js", "t.js", `t.${EXTRAS.join(".")}.js`].map((file) => ({
    name: `Millrace ${file}`,
    script: scriptNamed(pieces, file) ?? "",
    attributes: `data-key="K"`,
  }));
}

/** Milliseconds in scripts: of the start, and of one click. */
interface Cost {
  readonly start: number;
  readonly click: number;
}

async function costOf(browser: Browser, url: string): Promise<Cost> {
  const context = await browser.newContext();
  await context.route("https://out.example/**", (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0) * 1000;
  };
  await page.goto(url, { waitUntil: "networkidle" });
  const start = await spent();
  for (let click = 0; click < CLICKS; click++) await page.evaluate(`document.querySelector("a").click()`);
  const click = ((await spent()) - start) / CLICKS;
  await context.close();
  return { start, click };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const rounds = roundsOf(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), "millrace-bench-"));
const candidates = new Map<string, Candidate>();
const server = createServer((request, response) => {
  const [, kind, id = ""] = (request.url ?? "").split(/[/?]/);
  const candidate = candidates.get(id);
  if (kind === "script") response.setHeader("Content-Type", "text/javascript").end(candidate?.script);
  else if (kind === "page") {
    const tag = candidate ? `<script defer src="/script/${id}" ${candidate.attributes}></script>` : "";
    const stay = `<script>addEventListener("click", (event) => event.preventDefault())</script>`;
    response
      .setHeader("Content-Type", "text/html")
      .end(`<!doctype html><title>Bench</title>${stay}${tag}<body><a href="https://out.example/">out</a>`);
  } else response.setHeader("Content-Type", "application/json").end('{"refused":[]}');
}).listen(0, "127.0.0.1");
await once(server, "listening");

try {
  for (const [id, candidate] of [...(await ours()), ...(await others(folder))].entries()) {
    candidates.set(String(id), candidate);
  }
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  const ids = ["none", ...candidates.keys()];
  const costs = new Map<string, Cost[]>(ids.map((id) => [id, []]));
  // In turn, so that what slows the machine down slows all of them.
  for (let round = 0; round < rounds; round++) {
    for (const id of ids) costs.get(id)?.push(await costOf(browser, `http://127.0.0.1:${port}/page/${id}`));
  }
  await browser.close();
  const middle = (id: string, of: keyof Cost) => median((costs.get(id) ?? []).map((cost) => cost[of]));
  const rows = [...candidates].map(([id, { name, script }]) => {
    const { brotli, gzip } = sizes(script);
    const start = middle(id, "start") - middle("none", "start");
    const click = middle(id, "click") - middle("none", "click");
    return { script: name, "brotli B": brotli, "gzip B": gzip, "start ms": start, "click ms": click };
  });
  const base = rows[1];
  console.table(
    rows.map((row) => ({
      ...row,
      "start ms": row["start ms"].toFixed(2),
      "click ms": row["click ms"].toFixed(3),
      "size / t.js": (row["brotli B"] / (base?.["brotli B"] ?? 1)).toFixed(2),
      "start / t.js": (row["start ms"] / (base?.["start ms"] ?? 1)).toFixed(2),
    })),
  );
  console.log(
    `Medians of ${rounds} loads, main thread slowed down ${THROTTLE} times; a page without a script is taken off.`,
  );
} finally {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
}
