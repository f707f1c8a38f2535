import {
  createPartitions,
  fairSource,
  tableOfStore,
  type Clock,
  type EventStore,
  type Partitions,
  type Registry,
} from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { join } from "node:path";
import type { LocalConfig } from "./config.ts";

/** The store that the configuration names, prepared, and its name for the first lines on the terminal. */
export interface OpenedStore {
  readonly store: EventStore;
  readonly name: string;
  /** Which projects share room for the names of properties. */
  readonly groups: Pick<Partitions, "known">;
  /** How long after an append queries may not see it yet, milliseconds. */
  readonly visibleAfterMs: number;
}

/** DuckDB has no mapping that names fill. The rule is the same, with so many groups that a thousand projects have room. */
const EMBEDDED_GROUPS = { known: () => Promise.resolve({ months: [], rest: { groups: 8 } }) };

/** Questions to a cluster at the same time: a search pool has three threads for two cores. */
const AT_ONCE = 6;
/** Its refresh is every second, and late when the cluster is busy. */
const REFRESH_MS = 5_000;

/** @throws Error saying what is wrong with the file or the server */
export async function openStore(config: LocalConfig, clock: Clock, registry: Registry): Promise<OpenedStore> {
  const { openSearchUrl, openSearchPrefix } = config;
  if (openSearchUrl !== undefined) return openOpenSearch(openSearchUrl, openSearchPrefix, clock, registry);
  const store = await createDuckDbStore({ path: join(config.dataFolder, "events.duckdb"), clock });
  await store.prepare();
  return { store, name: "DuckDB (embedded)", groups: EMBEDDED_GROUPS, visibleAfterMs: 0 };
}

/** A user and password in the address are basic auth; they are not shown. */
async function openOpenSearch(
  address: string,
  prefix: string | undefined,
  clock: Clock,
  registry: Registry,
): Promise<OpenedStore> {
  const url = new URL(address);
  const shown = `${url.protocol}//${url.host}`;
  const store = createOpenSearchStore({
    connection: { node: address },
    registry,
    clock,
    ...(prefix !== undefined && { prefix }),
  });
  try {
    await store.prepare();
  } catch (cause) {
    await store.close();
    throw new Error(`OpenSearch at ${shown} cannot be used: ${causeOf(cause)}`, { cause });
  }
  const groups = createPartitions(registry, tableOfStore(prefix), clock);
  // DuckDB has turns of its own, since it shares this process; a cluster is asked in turns too, or one project had all of it.
  const fair = { ...store, ...fairSource(store, { atOnce: AT_ONCE }) };
  return { store: fair, name: `OpenSearch at ${shown}`, groups, visibleAfterMs: REFRESH_MS };
}

function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message} (${thrown.cause.message})` : thrown.message;
}
