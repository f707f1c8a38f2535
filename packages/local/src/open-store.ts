import {
  createPartitions,
  fairSource,
  tableOfStore,
  type Clock,
  type EventStore,
  type Partitions,
  type Registry,
  type TimeShares,
} from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore, type OpenSearchStore, type ShardFill } from "@millrace/store-opensearch";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LocalConfig } from "./config.ts";
import { openLate, type LateStore } from "./late-store.ts";

/** The store that the configuration names, and its name for the first lines on the terminal. It may still be away. */
export interface OpenedStore extends LateStore {
  readonly name: string;
  /** Which projects share room for the names of properties. */
  readonly groups: Pick<Partitions, "known">;
  /** Of a store that has some. Undefined as long as it is away. */
  readonly fullestShard?: () => Promise<ShardFill | undefined>;
  /** How long after an append queries may not see it yet, milliseconds. */
  readonly visibleAfterMs: number;
}

export interface OpenStoreParts {
  readonly clock: Clock;
  readonly registry: Registry;
  /** The account of how much each project's questions used. */
  readonly time: TimeShares;
  /** Told why the store cannot be used, in words for people. */
  readonly onAway: (reason: unknown) => void;
}

/** DuckDB has no mapping that names fill. The rule is the same, with so many groups that a thousand projects have room. */
const EMBEDDED_GROUPS = { known: () => Promise.resolve({ months: [], rest: { groups: 8 } }) };

/** Questions to a cluster at the same time: a search pool has three threads for two cores. */
const AT_ONCE = 6;
/** Its refresh is every second, and late when the cluster is busy. */
const REFRESH_MS = 5_000;
/** What says nothing for so long is away, like what refuses. Making the indexes of a new installation takes seconds. */
const SILENCE_MS = 60_000;
/** A store that is there opens within this, so that the first question after the start is answered. What says nothing is not waited for. */
const COURTESY_MS = 15_000;

/** Resolves when the store is open, or is known to be away for now. */
export async function openStore(config: LocalConfig, parts: OpenStoreParts): Promise<OpenedStore> {
  const away = Promise.withResolvers<void>();
  const onAway = (reason: unknown) => {
    parts.onAway(reason);
    away.resolve();
  };
  const { openSearchUrl } = config;
  const opened =
    openSearchUrl === undefined
      ? embedded(config, { ...parts, onAway })
      : cluster(openSearchUrl, config.openSearchPrefix, { ...parts, onAway });
  const courtesy = new AbortController();
  await Promise.race([
    opened.opened,
    away.promise,
    delay(COURTESY_MS, undefined, { signal: courtesy.signal }).catch(() => {}),
  ]);
  courtesy.abort();
  return opened;
}

function embedded({ dataFolder }: LocalConfig, { clock, time, onAway }: OpenStoreParts): OpenedStore {
  const open = async (): Promise<EventStore> => {
    const store = await createDuckDbStore({ path: join(dataFolder, "events.duckdb"), clock, time });
    await store.prepare();
    return store;
  };
  const late = openLate({ open, hasSnapshots: true, onAway });
  return { ...late, name: "DuckDB (embedded)", groups: EMBEDDED_GROUPS, visibleAfterMs: 0 };
}

/** A user and password in the address are basic auth; they are not shown. */
function cluster(
  address: string,
  prefix: string | undefined,
  { clock, registry, time, onAway }: OpenStoreParts,
): OpenedStore {
  const url = new URL(address);
  const name = `OpenSearch at ${url.protocol}//${url.host}`;
  let prepared: OpenSearchStore | undefined;
  const open = async (): Promise<EventStore> => {
    const store = createOpenSearchStore({
      connection: { node: address },
      registry,
      clock,
      ...(prefix !== undefined && { prefix }),
    });
    try {
      await Promise.race([store.prepare(), silence()]);
    } catch (cause) {
      await store.close();
      throw new Error(`${name} cannot be used: ${causeOf(cause)}`, { cause });
    }
    prepared = store;
    // DuckDB has turns of its own, since it shares this process; a cluster is asked in turns too, or one project had all of it.
    return { ...store, ...fairSource(store, { atOnce: AT_ONCE, time }) };
  };
  const late = openLate({ open, hasSnapshots: false, onAway });
  const groups = createPartitions(registry, tableOfStore(prefix), clock);
  const fullestShard = async () => prepared?.fullestShard();
  return { ...late, name, groups, fullestShard, visibleAfterMs: REFRESH_MS };
}

async function silence(): Promise<never> {
  await delay(SILENCE_MS, undefined, { ref: false });
  throw new Error(`no answer in ${SILENCE_MS / 1_000} s`);
}

function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message} (${thrown.cause.message})` : thrown.message;
}
