// The stores that the benchmark of the dashboard asks, loaded once for a folder.
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, EventStore, Registry } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { multiply } from "../events/multiply.ts";
import { DAY_MS, DAYS, earlierBy, eventAt, NOW, type Spread } from "./events.ts";

const MILLION = 1_000_000;
const PER_APPEND = 5_000;
const UPKEEP_MS = 4 * DAY_MS;

/** What a store holds, and where. */
export interface Contents {
  readonly folder: string;
  /** Events in all, and whose they are. */
  readonly total: number;
  readonly projects: readonly string[];
  /** False: all is read each time; DuckDB keeps no days, OpenSearch no answers. */
  readonly isKept: boolean;
}

export interface Loaded {
  readonly store: EventStore;
  /** How its first events lie; others follow them. */
  readonly spread: Spread;
  /** Makes what was written findable, where that is not so at once. */
  readonly refresh: () => Promise<void>;
}

export interface SettableClock extends Clock {
  set(ms: number): void;
}

export function settableClock(ms: number): SettableClock {
  let now = ms;
  return { now: () => now, set: (to) => void (now = to) };
}

/** The file of so many events, loaded where it is not there yet; beyond a million it is one million again and again. */
export async function openDuckDb({ folder, total, projects, isKept }: Contents, clock: Clock): Promise<Loaded> {
  const times = Math.max(1, total / MILLION);
  const spread = { total: total / times, days: DAYS / times, projects };
  const path = join(folder, `${total}-of-${projects.length}.duckdb`);
  if (!existsSync(path)) {
    // Under its name when it is whole.
    const unfinished = `${path}.loading`;
    await rm(unfinished, { force: true });
    const store = await createDuckDbStore({ path: unfinished, clock });
    await load(store, spread);
    // Waits until what is sorted in the background is sorted.
    await store.close();
    if (times > 1) await multiply(unfinished, times, earlierBy((DAYS * DAY_MS) / times));
    await rename(unfinished, path);
  }
  const store = await createDuckDbStore({ path, clock, ...(!isKept && { keptBytes: 0 }) });
  return { store, spread, refresh: async () => undefined };
}

/** Indexes of so many events on this node, loaded where they are not there yet. */
export async function openOpenSearch(
  { folder, total, projects, isKept }: Contents,
  node: string,
  { registry, clock }: { readonly registry: Registry; readonly clock: SettableClock },
): Promise<Loaded> {
  const spread = { total, days: DAYS, projects };
  const prefix = `bench-${projects[0]}`;
  const store = createOpenSearchStore({ connection: { node }, registry, clock, prefix, refreshInterval: "-1" });
  const done = join(folder, `${prefix}-${total}`);
  if (!existsSync(done)) {
    const opened = clock.now();
    // As on a stage that was there when they came: upkeep plans the months ahead by what the last ones brought.
    clock.set(NOW - DAYS * DAY_MS);
    await store.prepare();
    await load(store, spread, async (time) => {
      clock.set(time);
      await store.refresh();
      await store.prepare();
    });
    clock.set(opened);
    await writeFile(done, "");
  }
  await store.prepare();
  await store.refresh();
  const ask = async (method: string, path: string, body?: object): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${node}/${prefix}-events-*/${path}`, {
      method,
      ...(body && { headers, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`The request cache could not be set: ${await answer.text()}`);
  };
  await ask("PUT", "_settings", { "index.requests.cache.enable": isKept });
  await ask("POST", "_cache/clear?request=true");
  return { store, spread, refresh: () => store.refresh() };
}

/** @param upkeep is called before the first event, and again every few days of theirs */
async function load(store: EventStore, spread: Spread, upkeep?: (time: number) => Promise<unknown>): Promise<void> {
  let due = 0;
  for (let at = 0; at < spread.total; at += PER_APPEND) {
    const count = Math.min(PER_APPEND, spread.total - at);
    const events = Array.from({ length: count }, (_, i) => eventAt(at + i, spread));
    const time = events[0]?.timestamp ?? 0;
    if (time >= due) {
      await upkeep?.(time);
      due = time + UPKEEP_MS;
    }
    await store.append(events);
  }
}
