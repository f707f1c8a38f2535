// The dashboard's first screen in Chromium, slowed down four times: first numbers, bytes, a click on a row, requests of an idle tab.
//
// Each load is a fresh profile on a server of its own with some thousand page views of 30 days. "First numbers": from the start of the
// navigation to the frame in which a card shows a digit. Bytes: as they came over the wire, heads included. The click: as the browser's
// own Event Timing counts it, from the press to the next paint. The control is a page on the same server that asks for one number and writes it
// down, without any library: what is left is the machine, the server and the browser.
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { Stage, type View } from "../web/test/support/stage.ts";

const HELP = `npm run bench -- web [--rounds N] [--idle SECONDS]

  --rounds N       loads of each page (default 9); medians are printed
  --idle SECONDS   how long the idle tab is watched (default 60)`;
const THROTTLE = 4;
const DAYS = 30;
const VIEWS_PER_DAY = 160;
const DAY_MS = 86_400_000;
const PATHS = ["/", "/pricing", "/docs", "/docs/start", "/blog", "/about", "/changelog", "/sign-up"];
const REFERRERS = ["https://www.google.com/", "https://news.ycombinator.com/", "https://t.co/x", undefined];
const CONTROL = "/bench-control";

/** Runs in the page before anything else, so it is text: what it names is the browser's. */
const WATCH = `
  const seen = (window.benchSeen = { all: () => bytes() });
  const bytes = () =>
    ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type)).reduce((sum, { transferSize }) => sum + transferSize, 0);
  const look = () => {
    // This runs before the paint of its frame, the next task behind it.
    if (/\\d/.test(document.querySelector(".card-value")?.textContent)) setTimeout(() => Object.assign(seen, { first: performance.now(), bytes: bytes() }));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "click") seen.click ??= duration;
  }).observe({ type: "event", durationThreshold: 16 });
`;

/** Of one load, milliseconds and bytes. */
interface Load {
  readonly first: number;
  readonly beforeFirst: number;
  readonly whole: number;
  readonly click: number;
}

const { rounds, idleSeconds } = options(process.argv.slice(2));
const stage = await Stage.open({}, undefined, "filled");
try {
  await stage.record(views(Date.now()));
  const dashboard: Load[] = [];
  const control: Load[] = [];
  // In turn, so that what slows the machine down slows both.
  for (let round = 0; round < rounds; round++) {
    control.push(await loadOf(CONTROL));
    dashboard.push(await loadOf("/?range=30d"));
  }
  const row = (loads: readonly Load[]) => ({
    "first numbers, ms": Math.round(median(loads.map(({ first }) => first))),
    "bytes before them": median(loads.map(({ beforeFirst }) => beforeFirst)),
    "bytes in all": median(loads.map(({ whole }) => whole)),
    "click to paint, ms": median(loads.map(({ click }) => click)),
  });
  console.table({ dashboard: row(dashboard), control: row(control) });
  console.log(`Medians of ${rounds} loads with an empty cache, main thread slowed down ${THROTTLE} times.`);
  console.log(`Requests of an idle tab in ${idleSeconds} s: ${await idleRequests(idleSeconds)}`);
} finally {
  await stage.close();
}

function options(argv: readonly string[]): { rounds: number; idleSeconds: number } {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: "boolean" },
      rounds: { type: "string", default: "9" },
      idle: { type: "string", default: "60" },
    },
  });
  const [rounds, idleSeconds] = [Number(values.rounds), Number(values.idle)];
  if (values.help !== true && rounds > 0 && idleSeconds >= 0) return { rounds, idleSeconds };
  console.log(HELP);
  process.exit(values.help === true ? 0 : 2);
}

/** Visits of two pages each, the same in every run but for the days they are on. */
function views(now: number): View[] {
  return Array.from({ length: (DAYS * VIEWS_PER_DAY) / 2 }, (_, index): View[] => {
    const visitor = index % 250;
    const at = now - (1 + (index % DAYS)) * DAY_MS + index * 7_919;
    const path = (step: number) => PATHS[(index * 3 + step) % PATHS.length] ?? "/";
    const referrer = REFERRERS[index % REFERRERS.length];
    return [
      { at, path: path(0), visitor, visitPage: 1, ...(referrer && { referrer }) },
      { at: at + 60_000, path: path(1), visitor, visitPage: 2 },
    ];
  }).flat();
}

async function loadOf(path: string): Promise<Load> {
  const page = await stage.blank();
  const { project, readKey } = stage.server.demo;
  await page.route(`**${CONTROL}`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><button class="card-value"></button><script>
        const value = document.querySelector("button");
        const ask = () => fetch("/3.0/projects/${project}/queries/count?event_collection=pageviews&timeframe=this_30_days&api_key=${readKey}")
          .then((answer) => answer.json()).then(({ result }) => (value.textContent = result));
        value.addEventListener("click", ask);
        ask();
      </script>`,
    }),
  );
  await page.addInitScript(WATCH);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
  await page.goto(stage.server.demo.url + path);
  const first = await seen(page, "first");
  const beforeFirst = await seen(page, "bytes");
  await page.waitForLoadState("networkidle");
  const whole = await page.evaluate<number>("window.benchSeen.all()");
  await page
    .locator(path === CONTROL ? "button" : ".rows .row")
    .first()
    .click();
  const click = await seen(page, "click");
  await stage.leave();
  return { first, beforeFirst, whole, click };
}

async function seen(page: Page, what: "first" | "bytes" | "click"): Promise<number> {
  for (let tries = 0; tries < 600; tries++) {
    const value = await page.evaluate<number | undefined>(`window.benchSeen.${what}`);
    if (value !== undefined) return value;
    await page.waitForTimeout(100);
  }
  throw new Error(`The page did not come to its ${what} within a minute.`);
}

async function idleRequests(seconds: number): Promise<number> {
  const page = await stage.look("/?range=30d");
  await page.locator(".card-value", { hasText: /\d/ }).first().waitFor();
  await page.waitForLoadState("networkidle");
  let requests = 0;
  page.on("request", () => requests++);
  await page.waitForTimeout(seconds * 1_000);
  return requests;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
