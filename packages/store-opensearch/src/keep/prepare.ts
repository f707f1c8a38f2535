import {
  groupsOf,
  isFuture,
  isObject,
  monthName,
  monthOf,
  monthsToAdd,
  OTHER,
  partitionKey,
  partitionsOf,
  periodsOf,
  type Clock,
  type Month,
  type MonthShape,
  type Partitions,
  type PartitionTable,
} from "@millrace/core";
import { isDeepStrictEqual } from "node:util";
import type { Driver } from "../client/driver.ts";
import type { IndexNames } from "../names.ts";
import { child, EVENT_MAPPING, EXCEPTION_MAPPING, leafCount, MAPPING_VERSION } from "../schema.ts";
import { monthsWithExceptions } from "./exception-place.ts";
import { shapeOf, sharedAliases, type Sizes } from "./sizes.ts";
import { indexesNamed, readState, type IndexState } from "./state.ts";

/** What the operator chooses about the indexes. */
export interface IndexSettings extends Sizes {
  /** Copies beside each primary. Absent: one where the cluster has a second node, none on a single one. */
  readonly replicas?: number;
  /** How soon what was written can be found: `1s`. */
  readonly refreshInterval: string;
  /** Most leaves of properties that one index maps. */
  readonly maxFields: number;
}

/** The static fields and objects of the mapping, beside the properties. */
const STATIC_FIELDS = 100;

/** The template of all partitions. Sorted, so that one project's events lie together; chosen by measurement, see docs/decisions. */
function eventTemplate(names: IndexNames, settings: IndexSettings): object {
  return {
    index_patterns: [names.eventsPattern],
    priority: 200,
    _meta: { mapping_version: MAPPING_VERSION },
    template: {
      settings: {
        ...durable(settings),
        "index.number_of_shards": settings.shards,
        "index.codec": "best_compression",
        "index.sort.field": ["project", "timestamp"],
        "index.sort.order": ["asc", "asc"],
        "index.mapping.total_fields.limit": settings.maxFields + STATIC_FIELDS,
        "index.mapping.depth.limit": 5,
        // Our regular expressions are capped in core; written for Lucene they are longer.
        "index.max_regex_length": 20_000,
      },
      mappings: EVENT_MAPPING,
    },
  };
}

function exceptionTemplate(names: IndexNames, settings: IndexSettings): object {
  return {
    index_patterns: [names.exceptionsPattern],
    priority: 201,
    template: {
      settings: { ...durable(settings), "index.number_of_shards": 1, "index.codec": "best_compression" },
      mappings: EXCEPTION_MAPPING,
    },
  };
}

function durable({ replicas, refreshInterval }: IndexSettings): object {
  return {
    ...(replicas === undefined ? { "index.auto_expand_replicas": "0-1" } : { "index.number_of_replicas": replicas }),
    "index.refresh_interval": refreshInterval,
    // Acknowledged means on the disk. "async" loses seconds of acknowledged events in a crash.
    "index.translog.durability": "request",
  };
}

interface PrepareParts {
  readonly driver: Driver;
  readonly names: IndexNames;
  readonly partitions: Partitions;
  readonly clock: Clock;
}

/**
 * Makes templates, the partitions of the rest, the index of exceptions and the months that are due, mends what was lost of them, and
 * brings every open index to the fields of this version. Safe to repeat and to run beside itself. A month enters the table
 * last, when its indexes and aliases are there, so no writer is ever sent to a missing one. A month that lies wholly in the
 * future and holds nothing is made anew where the settings, or the sizes of the months before, ask for another shape.
 * @param remake also indexes of months that have begun, when they are missing: said by an operator whose cluster was lost and is empty
 */
export async function prepareIndexes(parts: PrepareParts, settings: IndexSettings, remake = false): Promise<void> {
  const { driver, names, partitions, clock } = parts;
  const put = (path: string, body: object) => driver.ask({ method: "PUT", path, body });
  await put(`/_index_template/${names.template}`, eventTemplate(names, settings));
  await put(`/_index_template/${names.exceptionsTemplate}`, exceptionTemplate(names, settings));
  await allowSnapshots(driver);
  const now = clock.now();
  const table = await partitions.read();
  const rest = table.months.length === 0 ? { groups: settings.groups } : table.rest;
  let state = await readState(driver, names);
  const fields = await fieldsOfPresent(driver, table, { names, state, now });
  const shape = shapeOf(settings, table, { state, names, fields, now });
  const anew: string[] = [];
  for (const month of table.months) {
    if (!isFuture(month.month, now) || !(await clearEmpty(driver, names, state, month, { shape, settings }))) continue;
    anew.push(month.month);
  }
  if (anew.length > 0) state = await readState(driver, names);
  const due = [...anew, ...monthsToAdd(table.months, now)].map((month): Month => ({
    month,
    version: MAPPING_VERSION,
    dropped: false,
    exceptions: true,
    ...shape,
  }));

  const ensure = (wanted: Wanted) => ensureIndex(driver, state, wanted);
  // An alias over several indexes is written through one of them.
  const aliases = { [names.exceptions]: { is_write_index: true } };
  const index = names.exceptionsIndex(names.exceptions, MAPPING_VERSION);
  await ensure({ alias: names.exceptions, index, aliases, make: true });
  await markWriteIndex(driver, state, names);
  const make = async (shaped: Partial<MonthShape>, periods: readonly string[], isNew: boolean): Promise<void> => {
    const keys = groupsOf(shaped).flatMap((group) => periods.map((period) => ({ group, period })));
    await Promise.all(keys.map(({ group, period }) => ensure(partition(names, group, period, isNew))));
  };
  await make(rest ?? {}, [OTHER], true);
  for (const month of table.months) {
    if (month.dropped || anew.includes(month.month)) continue;
    // An index of a month that has begun is not made again: what was stored in it would be stored a second time.
    await make(month, periodsOf(month), remake || isFuture(month.month, now));
  }
  await Promise.all(due.map((month) => make(month, periodsOf(month), true)));
  const fresh = new Set(due.map(({ month }) => month));
  const withExceptions = monthsWithExceptions({
    months: [...table.months.filter(({ month }) => !fresh.has(month)), ...due],
  });
  await Promise.all(
    withExceptions.map(({ month }) =>
      ensure(exceptionsOf(names, month, remake || fresh.has(month) || isFuture(month, now))),
    ),
  );
  await addMissingFields(driver, names.events, EVENT_MAPPING.properties);
  await addMissingFields(driver, names.exceptions, EXCEPTION_MAPPING.properties);
  await partitions.update((before) => {
    // Another process may have added the same months in between, or have begun the table.
    const have = new Set(before.months.map(({ month }) => month));
    const kept = before.months.map(
      (each) => due.find(({ month }) => anew.includes(month) && month === each.month) ?? each,
    );
    const first = before.months.length === 0 && rest ? { rest } : {};
    return { ...before, ...first, months: [...kept, ...due.filter(({ month }) => !have.has(month))], aliased: true };
  });
}

/**
 * Deletes the indexes of a future month that are not as they should be made now. Answers whether there were any: then the month is
 * to be made anew. A month that holds anything, whatever clock brought it there, is left as it is.
 */
async function clearEmpty(
  driver: Driver,
  names: IndexNames,
  state: readonly IndexState[],
  month: Month,
  { shape, settings }: { readonly shape: MonthShape; readonly settings: IndexSettings },
): Promise<boolean> {
  const indexes = partitionsOf(month).flatMap((key) => indexesNamed(state, names.partition(key)));
  const isSame = isDeepStrictEqual({ cut: month.cut, groups: month.groups, own: month.own }, shape);
  if (isSame && indexes.every(({ shards }) => shards === settings.shards)) return false;
  for (const { index } of indexes) await driver.ask({ method: "POST", path: `/${index}/_refresh` });
  const counts = await readState(driver, names);
  if (indexes.some(({ index }) => counts.some((each) => each.index === index && each.events > 0))) return false;
  for (const { index } of indexes) await driver.ask({ method: "DELETE", path: `/${index}` }, { ignore: [404] });
  return true;
}

/** The most fields of properties that one index of this month's shared groups has. */
async function fieldsOfPresent(
  driver: Driver,
  table: PartitionTable,
  { names, state, now }: { readonly names: IndexNames; readonly state: readonly IndexState[]; readonly now: number },
): Promise<number> {
  const present = table.months.find(({ month, dropped }) => !dropped && month === monthName(monthOf(now)));
  const aliases = present ? sharedAliases(present, names) : [];
  let most = 0;
  for (const { index, open } of aliases.flatMap((alias) => indexesNamed(state, alias))) {
    if (open) most = Math.max(most, leafCount(await driver.ask({ method: "GET", path: `/${index}/_mapping` })));
  }
  return most;
}

/**
 * Gives every open index the fields of this version that it lacks: additions are cheap and disturb nobody. Fields that are there stay
 * as they are, also where this version maps them in another way: that is for a migration. An index that takes no change now
 * keeps what it has, and events that need more wait; see write/append.ts.
 */
async function addMissingFields(
  driver: Driver,
  alias: string,
  properties: Readonly<Record<string, object>>,
): Promise<void> {
  const types = await driver.ask<Record<string, unknown>>({
    method: "GET",
    path: `/${alias}/_mapping`,
    // The objects of property names have no type, or have only that: they are in every version.
    query: { filter_path: "*.mappings.properties.*.type" },
  });
  for (const [index, answer] of Object.entries(types)) {
    const present = child(child(answer, "mappings"), "properties");
    const missing = Object.entries(properties).filter(([name]) => !(name in present) && !/^p_[a-z]$/.test(name));
    if (missing.length === 0) continue;
    const body = { properties: Object.fromEntries(missing) };
    await driver.send({ method: "PUT", path: `/${index}/_mapping`, body });
  }
}

/** Snapshots of queries that a node holds at a time: one for each shard that a query of many pages reads. */
const OPEN_CONTEXTS = 3_000;

/** Best effort: a managed service may not let this be set, and then its own limit (300) holds. */
async function allowSnapshots(driver: Driver): Promise<void> {
  const name = "search.max_open_pit_context";
  const path = "/_cluster/settings";
  const query = { flat_settings: true, include_defaults: true, filter_path: `*.${name}` };
  const { status, body } = await driver.send({ method: "GET", path, query });
  const present = isObject(body)
    ? Object.values(body).flatMap((group) => (isObject(group) ? [Number(group[name])] : []))
    : [];
  if (status >= 400 || Math.max(...present, 0) >= OPEN_CONTEXTS) return;
  await driver.send({ method: "PUT", path, body: { persistent: { [name]: OPEN_CONTEXTS } } });
}

/** An index that should be there. */
interface Wanted {
  /** The alias through which it is written. */
  readonly alias: string;
  /** Its name where it must be made; else it may have any version. */
  readonly index: string;
  readonly aliases: Readonly<Record<string, object>>;
  /** Whether to make it where there is none. */
  readonly make: boolean;
}

/** An alias of the time when it led to one index has no mark of which one is written. */
async function markWriteIndex(driver: Driver, state: readonly IndexState[], names: IndexNames): Promise<void> {
  const [only, ...more] = indexesNamed(state, names.exceptions);
  if (only === undefined || more.length > 0 || only.aliases.get(names.exceptions) === true) return;
  const add = { index: only.index, alias: names.exceptions, is_write_index: true };
  await driver.ask({ method: "POST", path: "/_aliases", body: { actions: [{ add }] } });
}

function exceptionsOf(names: IndexNames, month: string, make: boolean): Wanted {
  const alias = names.exceptionsOf(month);
  const aliases = { [alias]: { is_write_index: true }, [names.exceptions]: { is_write_index: false } };
  return { alias, index: names.exceptionsIndex(alias, MAPPING_VERSION), aliases, make };
}

function partition(names: IndexNames, group: string, period: string, make: boolean): Wanted {
  const key = partitionKey(group, period);
  const alias = names.partition(key);
  const aliases = { [alias]: { is_write_index: true }, [names.events]: {}, [names.group(group)]: {} };
  return { alias, index: names.index(key, MAPPING_VERSION), aliases, make };
}

/**
 * Makes an index with its aliases where there is none, and gives the aliases it lost to the only one there is. Of several, or of a
 * closed one, nobody but the operator can say what is right: health shows them.
 */
async function ensureIndex(
  driver: Driver,
  state: readonly IndexState[],
  { alias, index, aliases, make }: Wanted,
): Promise<void> {
  const named = indexesNamed(state, alias);
  const led = named.filter((each) => each.aliases.has(alias));
  const [only] = led.length > 0 ? led : named;
  if (only === undefined) {
    if (!make) return;
    // 400: another process has made it in between.
    await driver.ask({ method: "PUT", path: `/${index}`, body: { aliases } }, { ignore: [400] });
    await driver.ask({ method: "GET", path: `/_alias/${alias}` });
    return;
  }
  const lost = Object.entries(aliases).filter(([name]) => !only.aliases.has(name));
  if (lost.length === 0 || (led.length || named.length) !== 1) return;
  const actions = lost.map(([name, properties]) => ({ add: { index: only.index, alias: name, ...properties } }));
  await driver.ask({ method: "POST", path: "/_aliases", body: { actions } });
}
