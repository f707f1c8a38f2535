// What the dashboard's first screen costs, panel by panel and in the page's own batch, through the query API; --help tells how.
//
// The questions are the page's own code (web/src/questions), asked as it asks them when it is opened. Beside them stands what a plain
// count of the same days costs in the same run: machines differ, that ratio hardly does.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  createAccess,
  createCatalogue,
  createDeletions,
  createSqliteRegistry,
  createTombstones,
  systemRandom,
} from "@millrace/access";
import { monthOf, propertyKinds, type EventStore, type StoredEvent } from "@millrace/core";
import { createLedger } from "@millrace/ops";
import { createQueryApp, createStored } from "@millrace/query";
import { overviewParts, type Part } from "../web/src/opening/overview.ts";
import { resolveRange, type RangeName } from "../web/src/state/ranges.ts";
import { DEFAULT_SEARCH } from "../web/src/state/search.ts";
import { addDays, dateOf, wallNow } from "../web/src/state/wall.ts";
import { COLLECTIONS, DAY_MS, DAYS, eventAt, NOW, type Spread } from "./dashboard/events.ts";
import { openDuckDb, openOpenSearch, settableClock, type Loaded } from "./dashboard/stores.ts";
import { received } from "./events/received.ts";
import { cpuTime } from "./process/cpu.ts";

const HELP = `npm run bench -- dashboard [EVENTS] [options]

  EVENTS            up to a million, or whole millions. Default 1000000
  --projects N      whose they are, the first has a fifth of them. Default 1
  --range NAME      what is shown: 7d, 30d, 91d, all. Default 30d of ${DAYS} days
  --rounds N        times each part is asked. Default 20
  --only NAME       that part alone
  --no-kept         all of it is read each time: DuckDB keeps no days, OpenSearch no answers
  --opensearch URL  asks that node instead of DuckDB; what it holds of an earlier run with the same --data is used
  --pid N           the node's process, whose CPU time is told, too
  --data FOLDER     keeps what was loaded there, for the next run`;

const MILLION = 1_000_000;
const TIMEZONE = "Europe/Berlin";
const PEOPLE = 20;
/** New events between two rounds, and how many rounds apart one of them is late. */
const PER_MOMENT = 8;
const LATE_EVERY = 10;
/** Longer than an answer is good for somebody else. */
const APART_MS = 5_001;

const options = read(process.argv.slice(2));
const folder = options.data ?? (await mkdtemp(join(tmpdir(), "millrace-bench-")));
await mkdir(folder, { recursive: true });
/** Events still come for two hours after the page was opened: enough for all rounds. */
const clock = settableClock(NOW - 2 * 3_600_000);
const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite"), clock });
const access = createAccess({ registry, clock, random: systemRandom });
const catalogue = createCatalogue({ registry, clock });

try {
  const projects = await projectsOf(options.projects);
  for (const project of projects.slice(0, 2)) await tell(projects, project);
} finally {
  await registry.close();
  if (options.data === undefined) await rm(folder, { recursive: true, force: true });
}

function read(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: "boolean" },
      projects: { type: "string", default: "1" },
      range: { type: "string", default: "30d" },
      rounds: { type: "string", default: "20" },
      only: { type: "string" },
      "no-kept": { type: "boolean" },
      opensearch: { type: "string" },
      pid: { type: "string" },
      data: { type: "string" },
    },
  });
  const total = Number(positionals[0] ?? MILLION);
  const [projects, rounds] = [Number(values.projects), Number(values.rounds)];
  const fits = total > 0 && (total <= MILLION || total % MILLION === 0) && projects > 0 && rounds > 0;
  if (values.help === true || !fits) {
    console.log(HELP);
    process.exit(values.help === true ? 0 : 2);
  }
  return {
    total,
    projects,
    rounds,
    only: values.only,
    isKept: values["no-kept"] !== true,
    range: values.range as RangeName,
    node: values.opensearch,
    processes: [process.pid, ...(values.pid === undefined ? [] : [Number(values.pid)])],
    data: values.data === undefined ? undefined : resolve(values.data),
  };
}

/** The projects, made where the folder has none yet. */
async function projectsOf(count: number): Promise<readonly string[]> {
  const path = join(folder, `projects-${count}.json`);
  if (existsSync(path)) return JSON.parse(await readFile(path, "utf8")) as string[];
  const { flat } = eventAt(0, { total: 1, days: 1, projects: [""] });
  const sightings = COLLECTIONS.flatMap((collection) =>
    [...propertyKinds(flat)].map(([path, kind]) => ({ collection, path, kind })),
  );
  const when = { identity: monthOf(NOW), timestamp: monthOf(NOW) };
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const { id } = await access.projects.create({ name: `P${i}`, timezone: TIMEZONE });
    await catalogue.admit(id, sightings, when, COLLECTIONS);
    ids.push(id);
  }
  await writeFile(path, JSON.stringify(ids));
  return ids;
}

function loaded(projects: readonly string[]): Promise<Loaded> {
  const contents = { folder, projects, total: options.total, isKept: options.isKept };
  return options.node === undefined
    ? openDuckDb(contents, clock)
    : openOpenSearch(contents, options.node, { registry, clock });
}

/**
 * What each part costs asked by itself, then as the page asks: the first batch, the second, and twenty people at once. Each is asked of a
 * store that was just opened, and again after new events have come.
 */
async function tell(projects: readonly string[], project: string): Promise<void> {
  let opened = await loaded(projects);
  let ask = appOf(opened.store);
  // What came in an earlier run on the same data is there already, and would change nothing.
  const counter = join(folder, `moments-${options.node === undefined ? "duckdb" : "opensearch"}`);
  let come = existsSync(counter) ? Number(await readFile(counter, "utf8")) : 0;
  const reopen = async () => {
    await opened.store.close();
    opened = await loaded(projects);
    ask = appOf(opened.store);
  };
  const anew: Anew = {
    reopen,
    come: async () => {
      clock.set(clock.now() + APART_MS);
      await opened.store.append(eventsOfMoment(opened.spread, come++));
      await writeFile(counter, String(come));
      // As the server does by itself every second.
      await opened.refresh();
    },
  };
  // Whoever asks has a key of their own, so that each page sends a batch of its own.
  const keys = await Promise.all(Array.from({ length: PEOPLE }, () => access.keys.create(project, "read")));
  const wall = wallNow(TIMEZONE, clock.now());
  const today = dateOf(wall);
  const period = resolveRange({ range: options.range }, wall, { first: addDays(today, -DAYS), last: today });
  if (!period) throw new Error(`There is no range ${options.range}.`);
  const pages = keys.map((readKey) =>
    overviewParts({
      ask: {
        access: { id: project, name: "", readKey, timezone: TIMEZONE, fetch: (url, init) => ask(url, init) },
        collections: COLLECTIONS,
        period,
        filters: [],
        bots: "people",
        about: "web",
      },
      search: { ...DEFAULT_SEARCH, range: options.range },
      now: wall,
    }),
  );
  const [page] = pages;
  if (!page) return;
  const count: Part = async () => {
    const timeframe = encodeURIComponent(JSON.stringify({ start: period.start, end: period.end }));
    const parameters = `event_collection=pageviews&timeframe=${timeframe}&timezone=${TIMEZONE}&api_key=${keys[0]}`;
    const answer = await ask(`/3.0/projects/${project}/queries/count?${parameters}`);
    if (!answer.ok) throw new Error(await answer.text());
    counted = ((await answer.json()) as { result: number }).result;
  };
  const all =
    (parts: Readonly<Record<string, Part>>): Part =>
    () =>
      Promise.all(Object.values(parts).map((part) => part()));
  let counted = 0;
  const parts: Record<string, Part> = {
    "a plain count": count,
    ...page.first,
    "the first batch": all(page.first),
    "the second batch": page.second,
    [`${PEOPLE} people at once`]: () => Promise.all(pages.map(({ first }) => all(first)())),
  };
  const plain = await cost(count, anew);
  const rows: object[] = [];
  const chosen = Object.entries(parts).filter(([part]) => options.only === undefined || part === options.only);
  for (const [part, work] of chosen) {
    const { first, firstCpu, secondCpu, p50, p95, cpu } = await cost(work, anew);
    const times = (part: number, whole: number) => (part / whole).toFixed(1);
    const row = {
      part,
      "first ms": first,
      "first CPU ms": firstCpu,
      "second CPU ms": secondCpu,
      "p50 ms": p50,
      "p95 ms": p95,
      "CPU ms": cpu,
      "p50 / count": times(p50, plain.p50),
      "CPU / count": times(cpu, plain.cpu),
    };
    rows.push(
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? Math.round(value) : value]),
      ),
    );
  }
  await opened.store.close();
  console.log(
    `\n${options.total} events, ${options.projects} projects; ${options.range} of ${DAYS} days, ${counted} page views in them`,
  );
  console.table(rows);
}

function appOf(store: EventStore): (path: string, init?: RequestInit) => Promise<Response> {
  const nothing = async () => [];
  const outcomes: EventStore["outcomes"] = (query) => store.outcomes(query);
  const tombstones = createTombstones({ registry, clock, random: systemRandom });
  const { app } = createQueryApp({
    access,
    source: store,
    catalogue,
    ledger: createLedger({ outcomes, accepted: nothing, dead: nothing, refused: nothing }),
    clock,
    stored: createStored({ registry, clock }),
    deletions: createDeletions({ tombstones, store, clock, wait: async () => undefined }),
  });
  return async (path, init) => app.request(path, init);
}

/** What comes between two looks at the page: some events of that moment, and now and then one of the day before. */
function eventsOfMoment(spread: Spread, moment: number): StoredEvent[] {
  const at = spread.total + moment * PER_MOMENT;
  const events = Array.from({ length: PER_MOMENT }, (_, i) => eventAt(at + i, spread));
  if (moment % LATE_EVERY > 0) return events;
  const day = Math.round(spread.total / spread.days);
  return [
    ...events,
    { ...eventAt(at - day, spread), ...received(clock.now(), at + PER_MOMENT, 10), timestamp: clock.now() - DAY_MS },
  ];
}

interface Anew {
  readonly reopen: () => Promise<void>;
  /** Time goes on, and something happens. */
  readonly come: () => Promise<void>;
}

interface Cost {
  /** Of the round after the store was opened. */
  readonly first: number;
  readonly firstCpu: number;
  /** Of the one after it, in which what is asked again is kept. */
  readonly secondCpu: number;
  readonly p50: number;
  readonly p95: number;
  /** Of all processes, of one round on average: on a busy machine the steadier number. */
  readonly cpu: number;
}

/** Milliseconds of the first rounds, and of those after them. */
async function cost(work: Part, { reopen, come }: Anew): Promise<Cost> {
  const spent = async () => {
    const times = await Promise.all(options.processes.map(cpuTime));
    return times.reduce((sum, { all }) => sum + all / 1_000, 0);
  };
  const wall: number[] = [];
  let [cpu, first, firstCpu, secondCpu] = [0, 0, 0, 0];
  await reopen();
  for (let round = -2; round < options.rounds; round++) {
    await come();
    const [before, start] = [await spent(), performance.now()];
    await work();
    const ms = performance.now() - start;
    const used = (await spent()) - before;
    if (round === -2) [first, firstCpu] = [ms, used];
    if (round === -1) secondCpu = used;
    if (round < 0) continue;
    wall.push(ms);
    cpu += used;
  }
  const sorted = wall.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { first, firstCpu, secondCpu, p50: at(0.5), p95: at(0.95), cpu: cpu / options.rounds };
}
