// `npm run store -- COMMAND`: upkeep of the OpenSearch store of one machine (OPENSEARCH_URL, MILLRACE_DATA), by hand.
import { createSqliteRegistry } from "@millrace/access";
import { createOpenSearchStore, type OpenSearchStore } from "@millrace/store-opensearch";
import { join } from "node:path";

const USAGE = `Usage: npm run store -- COMMAND

  prepare              templates and the months ahead; safe to repeat
  migrate              brings every partition to the mapping of this version, while ingest goes on
  expire YYYY-MM-DD    drops months that ended before that day, and older events without a month of their own
  health               partitions, sizes, and indexes that cannot be written to

  OPENSEARCH_URL       the cluster; OPENSEARCH_PREFIX as for npm start
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
  health: async (store) => {
    const { partitions, ...rest } = await store.health();
    console.log(rest);
    console.table(partitions);
  },
};

const [name = "", argument] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
const url = process.env["OPENSEARCH_URL"];
if (!command || !url) {
  console.error(command ? "OPENSEARCH_URL is not set." : USAGE);
  process.exit(2);
}
const clock = { now: Date.now };
const registry = createSqliteRegistry({
  path: join(process.env["MILLRACE_DATA"] ?? ".millrace", "registry.sqlite"),
  clock,
});
const prefix = process.env["OPENSEARCH_PREFIX"];
const store = createOpenSearchStore({ connection: { node: url }, registry, clock, ...(prefix && { prefix }) });
try {
  await command(store, argument);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await store.close();
  await registry.close();
}
