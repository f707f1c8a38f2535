// `npm run store -- COMMAND`: upkeep of the store of one machine by hand: OpenSearch (OPENSEARCH_URL), or DuckDB while no server runs.
import { createAccess, createSqliteRegistry, systemClock, systemRandom } from "@millrace/access";
import type { EventStore, Registry } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore, type OpenSearchStore } from "@millrace/store-opensearch";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DELETE_USAGE, deleteEvents } from "./store/delete.ts";

const USAGE = `Usage: npm run store -- COMMAND

  ${DELETE_USAGE}

of OpenSearch alone:
  prepare              templates and the months ahead; safe to repeat
  migrate              brings every partition to the mapping of this version, while ingest goes on
  expire YYYY-MM-DD    drops months that ended before that day, and older events without a month of their own
  own-group PROJECT    gives a large or hostile project the room for names of a whole group, from the next month on
  health               partitions, sizes, indexes that cannot be written to, and what else is wrong

  OPENSEARCH_URL       the cluster; OPENSEARCH_PREFIX as for npm start. Without it: the embedded DuckDB
  MILLRACE_DATA        data folder with the registry, default .millrace`;

const COMMANDS: Readonly<Record<string, (store: OpenSearchStore, argument: string | undefined) => Promise<void>>> = {
  prepare: async (store) => store.prepare(),
  migrate: async (store) => {
    await store.prepare();
    const migrated = await store.migrate();
    console.table(migrated);
    if (migrated.length === 0) console.log("Every partition has the mapping of this version.");
  },
  expire: async (store, day) => {
    const before = /^\d{4}-\d\d-\d\d$/.test(day ?? "") ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    if (Number.isNaN(before)) throw new Error("expire needs a day, such as 2026-01-01.");
    const { months, events } = await store.expire(before);
    console.log(`${events} events expired; months dropped: ${months.join(", ") || "none"}.`);
  },
  "own-group": async (store, project = "") => {
    await store.giveOwnGroup(project);
    await store.prepare();
    console.log(`${project} has a group of its own in every month that has not begun.`);
  },
  health: async (store) => {
    const { partitions, problems, ...rest } = await store.health();
    console.log(rest);
    console.table(partitions);
    console.log(problems.length === 0 ? "Nothing is wrong." : problems.join("\n"));
  },
};

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
const url = process.env["OPENSEARCH_URL"] || undefined;
const folder = process.env["MILLRACE_DATA"] ?? ".millrace";
const clock = systemClock;

if (["--help", "-h"].includes(name)) {
  console.log(USAGE);
  process.exit(0);
}
if (name !== "delete" && !command) fail(USAGE);
if (command && url === undefined) fail("OPENSEARCH_URL is not set.");
// Opening would make an empty one, and everything would be gone or forgotten at a glance.
if (name === "delete" && !existsSync(join(folder, "registry.sqlite"))) {
  fail(`There is no data in ${folder}. MILLRACE_DATA names the folder.`);
}

const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite"), clock });
let store: EventStore | undefined;
try {
  if (command && url !== undefined) {
    const opened = openSearchStore(url, registry);
    store = opened;
    await command(opened, args[0]);
  } else {
    store = url === undefined ? await duckDbStore() : openSearchStore(url, registry);
    const random = systemRandom;
    const { projects } = createAccess({ registry, clock, random });
    await deleteEvents({ store, registry, projects, clock, random, wait, print: console.log }, args);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await store?.close();
  await registry.close();
}

function openSearchStore(node: string, partitions: Registry): OpenSearchStore {
  const prefix = process.env["OPENSEARCH_PREFIX"];
  return createOpenSearchStore({ connection: { node }, registry: partitions, clock, ...(prefix && { prefix }) });
}

async function duckDbStore(): Promise<EventStore> {
  const path = join(folder, "events.duckdb");
  if (!existsSync(path)) throw new Error(`There is no ${path}. Events in OpenSearch need OPENSEARCH_URL.`);
  return createDuckDbStore({ path, clock });
}

function fail(message: unknown): never {
  console.error(message);
  process.exit(2);
}
