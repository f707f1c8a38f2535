// `npm run soak`: half of the measured capacity for a long time, with the dashboard open in a browser and the store sorting its rows
// meanwhile. Memory, handles, disk and lag are printed as curves; what grows that should not fails it. `--help` says the rest.
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { chromium } from "playwright-core";
import type { Demo } from "../packages/local/src/demo.ts";
import { CHROMIUM_FLAGS, findChromium } from "./chromium.ts";
import { numberOf, readCommand } from "./command.ts";
import { ask, insist } from "./product/api.ts";
import { openHandles, residentMiB } from "./product/memory.ts";
import { createProduct } from "./product/server-process.ts";
import { freePort } from "./servers/server.ts";
import { CURVES, drawCurve, judge, type CurveName } from "./soak/curves.ts";
import { createLoad, fill, type Load } from "./soak/load.ts";

const USAGE = `npm run soak           half of the measured capacity, with the dashboard open

  --long               an hour. Default: 5 minutes
  --minutes N          so long
  --fill N             events in the store before it begins, default 950,000: rows are sorted at a million
  --help`;

const { minutes, wanted } = readCommand(
  USAGE,
  {
    options: {
      long: { type: "boolean", default: false },
      minutes: { type: "string" },
      fill: { type: "string", default: "950000" },
    },
  },
  ({ values }) => ({
    minutes: numberOf("minutes", values.minutes ?? (values.long ? "60" : "5")),
    wanted: numberOf("fill", values.fill),
  }),
);
const CAPACITY_SECONDS = 15;
const SAMPLE_MS = 1_000;
const WIDTH = 60;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
process.exit((await run()) ? 0 : 1);

async function run(): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "millrace-soak-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const data = join(folder, "data");
  const logFile = join(folder, "log");
  const product = createProduct({ folder: data, port: await freePort(), logFile });
  await product.start();
  stack.defer(() => product.kill());
  const isStopped = () => stopping.signal.aborted || product.crashes().length > 0;
  const isAlive = async () => {
    for (const crash of product.crashes()) throw new Error(`The process ended by itself: ${crash}`);
    stopping.signal.throwIfAborted();
  };
  const demo = await insist("demo.json", () => readJson<Demo>(join(data, "demo.json")), 30_000);

  console.log(`Filling: ${wanted} events.`);
  await fill(demo, wanted, isStopped);
  await isAlive();
  const load = createLoad(demo);
  const rate = (await capacity(demo, load, isStopped)) / 2;
  await isAlive();
  console.log(`Capacity: ${Math.round(rate * 2)} events a second until stored. ${minutes} minutes at half of it.`);

  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...CHROMIUM_FLAGS] });
  stack.defer(() => browser.close());
  const page = await browser.newPage();
  // The address as the terminal prints it, whatever it carries to let the page in.
  const printed = /^\s*Dashboard\s+(\S+)/m.exec(await readFile(logFile, "utf8"))?.[1] ?? demo.url;
  await page.goto(printed);
  await page
    .getByText(/visitors/i)
    .first()
    .waitFor({ timeout: 60_000 });

  const samples: Record<CurveName, (number | undefined)[]> = { memory: [], handles: [], disk: [], queue: [], lag: [] };
  const end = performance.now() + minutes * 60_000;
  const isOver = () => performance.now() > end || isStopped();
  const before = wanted;
  const measuring = async () => {
    while (!isOver()) {
      samples.memory.push(residentMiB(product.pid()));
      samples.handles.push(openHandles(product.pid()));
      samples.disk.push((await sizeOf(data, /^events\.duckdb/)) / (before + load.sent()));
      samples.queue.push((await sizeOf(data, /^queue\.sqlite/)) / 2 ** 20);
      await delay(SAMPLE_MS);
    }
  };
  const probing = async () => {
    for (let n = 1; !isOver(); n++) {
      const lag = await lagOf(demo, n, isOver);
      if (lag !== undefined) samples.lag.push(lag);
      await delay(SAMPLE_MS);
    }
  };
  const progress = setInterval(() => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1_000));
    console.log(`${load.sent()} sent, ${Math.round(samples.memory.at(-1) ?? Number.NaN)} MiB, ${left} s left`);
  }, 30_000);
  await Promise.all([load.run(isOver, rate), measuring(), probing()]);
  clearInterval(progress);

  const rows = (Object.keys(CURVES) as CurveName[]).map((name) => ({ name, ...judge(name, samples[name]) }));
  console.log();
  for (const { name, before: early, after, holds } of rows) {
    const { unit, says } = CURVES[name];
    const verdict = `${Math.round(early)} -> ${Math.round(after)} ${unit}${holds ? "" : "  GROWS"}`;
    console.log(`${name.padEnd(8)} ${drawCurve(samples[name], WIDTH).padEnd(WIDTH)}  ${verdict}  (${says})`);
  }
  const isPageAlive = await page
    .getByText(/visitors/i)
    .first()
    .isVisible();
  if (!isPageAlive) console.log("FAILED  the dashboard shows nothing any more");
  for (const crash of product.crashes()) console.log(`FAILED  the process ended by itself: ${crash}`);
  const grown = rows.filter(({ holds }) => !holds);
  console.log(
    `\n${load.sent()} events in ${minutes} minutes: ${grown.length === 0 ? "nothing" : grown.map(({ name }) => name).join(", ")} grew`,
  );
  return grown.length === 0 && isPageAlive && !isStopped();
}

/** Events a second from the first request until the last event is stored. */
async function capacity(demo: Demo, load: Load, isStopped: () => boolean): Promise<number> {
  await lagOf(demo, 0, isStopped);
  const began = performance.now();
  const sentBefore = load.sent();
  await load.run(() => performance.now() - began > CAPACITY_SECONDS * 1_000 || isStopped());
  // In the queue behind all of them.
  await lagOf(demo, -1, isStopped);
  return ((load.sent() - sentBefore) / (performance.now() - began)) * 1_000;
}

/** Milliseconds from the yes to the first answer that holds the event. */
async function lagOf(demo: Demo, n: number, isOver: () => boolean): Promise<number | undefined> {
  const answer = await fetch(`${demo.url}/3.0/projects/${demo.project}/events/probes`, {
    method: "POST",
    headers: { authorization: demo.writeKey },
    body: JSON.stringify({ n }),
  }).catch(() => undefined);
  if (answer?.status !== 201) return undefined;
  const accepted = performance.now();
  const filters = [{ property_name: "n", operator: "eq", property_value: n }];
  while (!isOver()) {
    if ((await ask(demo.url, demo, "count", { event_collection: "probes", filters }, 30_000)) === 1) {
      return performance.now() - accepted;
    }
    await delay(50);
  }
  return undefined;
}

async function sizeOf(folder: string, pattern: RegExp): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder)) {
    if (pattern.test(file)) bytes += (await stat(join(folder, file)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
