import { MillraceError } from "@millrace/core";
import type { Driver } from "./driver.ts";
import type { Maintenance } from "./maintain.ts";
import { OTHER } from "./names.ts";
import { MAPPING_VERSION } from "./schema.ts";

/** One partition brought to the mapping of this version. */
export interface Migrated {
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly events: number;
}

/**
 * Copies partitions that have an index of an older mapping into one of the current mapping, one after the other, while ingest
 * goes on. A partition's own writes wait meanwhile (they are answered `retry` and come back from the queue): an event that is
 * redelivered during the copy must find its first attempt. Readers see the old index until one atomic step puts the new one in
 * its place; no moment shows an event twice or not at all. Killed anywhere, the next call begins that partition anew.
 * @param version the mapping to bring them to. Default: this program's.
 */
export async function migrate(parts: Maintenance, version = MAPPING_VERSION): Promise<Migrated[]> {
  const { driver, names, partitions } = parts;
  const months = (await partitions.list()).filter(({ dropped }) => !dropped).map(({ month }) => month);
  const done: Migrated[] = [];
  for (const key of [...months, OTHER]) {
    const alias = names.partition(key);
    const from = await indexOf(driver, alias);
    const to = names.index(key, version);
    if (from === to) continue;
    const events = await copyPartition(driver, { alias, read: names.events, from, to });
    await partitions.update((all) => all.map((each) => (each.month === key ? { ...each, version } : each)));
    done.push({ partition: key, from, to, events });
  }
  // Not before: a query that had begun may still be reading them.
  for (const { from } of done) await driver.ask({ method: "DELETE", path: `/${from}` }, { ignore: [404] });
  return done;
}

interface Copy {
  readonly alias: string;
  readonly read: string;
  readonly from: string;
  readonly to: string;
}

async function copyPartition(driver: Driver, { alias, read, from, to }: Copy): Promise<number> {
  const put = (path: string, body?: object) => driver.ask({ method: "PUT", path, ...(body && { body }) });
  // Waits for the writes under way; from here on the index changes no more.
  await put(`/${from}/_block/write`);
  try {
    // What an earlier, interrupted call left: no alias leads to it.
    await driver.ask({ method: "DELETE", path: `/${to}` }, { ignore: [404] });
    await put(`/${to}`, {
      settings: { "index.refresh_interval": "-1" },
      mappings: { properties: await leavesOf(driver, from) },
    });
    await driver.ask({ method: "POST", path: `/${from}/_refresh` });
    const copied = await driver.ask<{ created: number; failures: readonly unknown[] }>(
      {
        method: "POST",
        path: "/_reindex",
        query: { refresh: true },
        body: { source: { index: from, size: 2_000 }, dest: { index: to, op_type: "create" } },
      },
      { timeoutMs: 6 * 3_600_000 },
    );
    const { count } = await driver.ask<{ count: number }>({ method: "GET", path: `/${from}/_count` });
    if (copied.failures.length > 0 || copied.created !== count) {
      throw new MillraceError("InternalServerError", `${from} has ${count} events, ${copied.created} could be copied.`);
    }
    await put(`/${to}/_settings`, { "index.refresh_interval": await refreshOf(driver, from) });
    await driver.ask({
      method: "POST",
      path: "/_aliases",
      body: {
        actions: [
          { add: { index: to, alias, is_write_index: true } },
          { add: { index: to, alias: read } },
          { remove: { index: from, alias } },
          { remove: { index: from, alias: read } },
        ],
      },
    });
    return count;
  } catch (thrown) {
    await put(`/${from}/_settings`, { "index.blocks.write": null });
    throw thrown;
  }
}

/** The one index a write alias leads to. */
async function indexOf(driver: Driver, alias: string): Promise<string> {
  const [index] = Object.keys(await driver.ask<Record<string, unknown>>({ method: "GET", path: `/_alias/${alias}` }));
  if (index === undefined) throw new MillraceError("InternalServerError", `${alias} leads to no index.`);
  return index;
}

/** The properties that the old index maps; the template knows only the standard fields. */
async function leavesOf(driver: Driver, index: string): Promise<Record<string, unknown>> {
  const answer = await driver.ask<Record<string, { mappings: { properties: Record<string, unknown> } }>>({
    method: "GET",
    path: `/${index}/_mapping`,
  });
  const properties = answer[index]?.mappings.properties ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([name]) => /^p_[a-z]$/.test(name)));
}

async function refreshOf(driver: Driver, index: string): Promise<string> {
  const answer = await driver.ask<Record<string, { settings: { index: { refresh_interval?: string } } }>>({
    method: "GET",
    path: `/${index}/_settings/index.refresh_interval`,
  });
  return answer[index]?.settings.index.refresh_interval ?? "1s";
}
