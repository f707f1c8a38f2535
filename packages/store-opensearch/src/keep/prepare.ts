import type { Clock } from "@millrace/core";
import type { Driver } from "../client/driver.ts";
import { OTHER, type IndexNames } from "../names.ts";
import { isFuture, monthsToAdd, type Partitions } from "../partitions.ts";
import { EVENT_MAPPING, EXCEPTION_MAPPING, MAPPING_VERSION } from "../schema.ts";
import { indexesNamed, readState, type IndexState } from "./state.ts";

/** What the operator chooses about the indexes. */
export interface IndexSettings {
  /** Copies beside each primary. Absent: one where the cluster has a second node, none on a single one. */
  readonly replicas?: number;
  /** Primaries of each month made from now on; what is there keeps its own. */
  readonly shards: number;
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

/**
 * Makes templates, the partition `other`, the index of exceptions and the months that are due, and mends what was lost of them. Safe
 * to repeat and to run beside itself. A month enters the table last, when its index and aliases are there, so no writer is ever
 * sent to a missing one.
 */
export async function prepareIndexes(
  driver: Driver,
  names: IndexNames,
  partitions: Partitions,
  settings: IndexSettings,
  clock: Clock,
): Promise<void> {
  const put = (path: string, body: object) => driver.ask({ method: "PUT", path, body });
  await put(`/_index_template/${names.template}`, eventTemplate(names, settings));
  await put(`/_index_template/${names.exceptionsTemplate}`, exceptionTemplate(names, settings));
  const state = await readState(driver, names);
  const ensure = (wanted: Wanted) => ensureIndex(driver, state, wanted);
  const aliases = { [names.exceptions]: {} };
  await ensure({ alias: names.exceptions, index: names.exceptionsIndex(MAPPING_VERSION), aliases, make: true });
  await ensure(partition(names, OTHER, true));
  const table = await partitions.list();
  // An index of a month that has begun is not made again: what was stored in it would be stored a second time.
  for (const { month, dropped } of table) {
    if (!dropped) await ensure(partition(names, month, isFuture(month, clock.now())));
  }
  const due = monthsToAdd(table, clock.now());
  for (const month of due) await ensure(partition(names, month, true));
  await partitions.update((months) => {
    const have = new Set(months.map(({ month }) => month));
    const added = due.filter((month) => !have.has(month));
    return [...months, ...added.map((month) => ({ month, version: MAPPING_VERSION, dropped: false }))];
  });
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

function partition(names: IndexNames, key: string, make: boolean): Wanted {
  const alias = names.partition(key);
  const aliases = { [alias]: { is_write_index: true }, [names.events]: {} };
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
