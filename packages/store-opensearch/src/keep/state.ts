import { OTHER, livePartitions, monthName, monthOf, type PartitionTable } from "@millrace/core";
import type { Driver } from "../client/driver.ts";
import type { IndexNames } from "../names.ts";
import { monthsWithExceptions } from "./exception-place.ts";

/** One index of this store as the server lists it, closed ones included. */
export interface ListedIndex {
  readonly index: string;
  readonly open: boolean;
  readonly events: number;
  /** Primaries. */
  readonly shards: number;
}

/** The same with what leads to it; those that no alias leads to included. */
export interface IndexState extends ListedIndex {
  /** Aliases that lead to it; true for one through which it is written. */
  readonly aliases: ReadonlyMap<string, boolean>;
}

const ALL = { expand_wildcards: "all" };

/** Every index whose name is one of ours, by name. It is one request, which health has a permission for. */
export async function listIndexes(driver: Driver, names: IndexNames): Promise<ListedIndex[]> {
  const listed = await driver.ask<
    readonly { index: string; status: string; "docs.count": string | null; pri: string }[]
  >({
    method: "GET",
    path: `/_cat/indices/${patternsOf(names)}`,
    query: { ...ALL, format: "json", h: "index,status,docs.count,pri" },
  });
  return listed
    .map(({ index, status, "docs.count": events, pri }) => ({
      index,
      open: status === "open",
      events: Number(events ?? 0),
      shards: Number(pri),
    }))
    .sort((a, b) => (a.index < b.index ? -1 : 1));
}

/** The same with their aliases. */
export async function readState(driver: Driver, names: IndexNames): Promise<IndexState[]> {
  const [listed, aliases] = await Promise.all([
    listIndexes(driver, names),
    driver.ask<Readonly<Record<string, { aliases: Readonly<Record<string, { is_write_index?: boolean }>> }>>>({
      method: "GET",
      path: `/${patternsOf(names)}/_alias`,
      query: ALL,
    }),
  ]);
  return listed.map((each) => ({
    ...each,
    aliases: new Map(
      Object.entries(aliases[each.index]?.aliases ?? {}).map(([name, alias]) => [name, alias.is_write_index === true]),
    ),
  }));
}

function patternsOf({ eventsPattern, exceptionsPattern }: IndexNames): string {
  return `${eventsPattern},${exceptionsPattern}`;
}

/** The indexes of a partition, or of the exceptions, whether an alias leads to them or not. */
export function indexesNamed(state: readonly IndexState[], alias: string): IndexState[] {
  return state.filter(({ index }) => index.startsWith(`${alias}-v`));
}

/** What the table of partitions and the server should agree on. */
export interface Expected {
  readonly names: IndexNames;
  readonly table: PartitionTable;
  /** Milliseconds UTC. */
  readonly now: number;
  /** Most events that a shard should get; see sizes.ts. */
  readonly shardEvents: number;
}

/**
 * What keeps events from being written or found, in words for the operator: an index that is closed or gone, an alias that is lost,
 * a month that nobody made in time, a shard that fills up. A query over an alias that lost an index is a smaller number with the same look.
 */
export function problemsOf(state: readonly IndexState[], expected: Expected): string[] {
  const { names, table, now } = expected;
  if (table.months.length === 0) return ["The store is not prepared: it has no table of partitions."];
  const problems: string[] = [];
  const present = monthName(monthOf(now));
  if (!table.months.some(({ month }) => month === present)) {
    problems.push(`The month ${present} has no index of its own: its events go to "${OTHER}". Did prepare not run?`);
  }
  for (const key of livePartitions(table)) {
    problems.push(...problemsOfAlias(state, names.partition(key), names.events));
  }
  for (const { month } of monthsWithExceptions(table)) {
    problems.push(...problemsOfAlias(state, names.exceptionsOf(month), names.exceptions));
  }
  return [...problems, ...problemsOfRest(state, names), ...fullShards(state, expected)];
}

/** The exceptions of no month: their alias leads to those of the months too, for reading. */
function problemsOfRest(state: readonly IndexState[], { exceptions }: IndexNames): string[] {
  return problemsOfAlias(indexesNamed(state, exceptions), exceptions);
}

/** At this part of what a shard should hold somebody should look: the next month is cut smaller by itself, this one cannot be. */
const NEARLY_FULL = 0.7;

function fullShards(state: readonly IndexState[], { shardEvents }: Expected): string[] {
  return state
    .map((index) => fillOf(index, shardEvents))
    .filter(({ share }) => share >= NEARLY_FULL)
    .map(
      ({ index, events }) =>
        `${index} has ${events} events in each shard, of ${shardEvents} that it should have at most.`,
    );
}

/** How full the shards of an index are. */
export interface ShardFill {
  readonly index: string;
  /** Of each of its shards. */
  readonly events: number;
  /** Of what it should have at most. */
  readonly share: number;
}

function fillOf({ index, events, shards }: ListedIndex, shardEvents: number): ShardFill {
  const each = events / Math.max(1, shards);
  return { index, events: Math.round(each), share: each / shardEvents };
}

/** The fullest of all; undefined where there is no index. */
export function fullestShard(state: readonly ListedIndex[], shardEvents: number): ShardFill | undefined {
  const [fullest] = state.map((index) => fillOf(index, shardEvents)).sort((a, b) => b.share - a.share);
  return fullest;
}

/** @param read the alias through which the same index must be read, where that is another one */
function problemsOfAlias(state: readonly IndexState[], alias: string, read?: string): string[] {
  const named = indexesNamed(state, alias);
  const led = state.filter(({ aliases }) => aliases.has(alias));
  const [only] = led;
  if (only === undefined) {
    if (named.length === 0) return [`${alias} has no index: nothing can be written to it.`];
    return [`${alias} leads to no index, but there is ${named.map(({ index }) => index).join(", ")}.`];
  }
  if (led.length > 1) return [`${alias} leads to several indexes: ${led.map(({ index }) => index).join(", ")}.`];
  const problems: string[] = [];
  if (!only.open) problems.push(`${only.index} is closed.`);
  if (read === undefined) return problems;
  if (only.aliases.get(alias) === false) problems.push(`${only.index} cannot be written to through ${alias}.`);
  if (!only.aliases.has(read)) problems.push(`${only.index} is not found by queries: ${read} does not lead to it.`);
  return problems;
}

/** Indexes that no alias leads to although their partition has another one: what an interrupted migration left. */
export function leftoversOf(state: readonly IndexState[], { names, table }: Expected): string[] {
  const all = { ...table, months: table.months.map((month) => ({ ...month, dropped: false })) };
  const aliases = livePartitions(all).map(names.partition);
  return aliases.flatMap((alias) => {
    const named = indexesNamed(state, alias);
    const used = named.some((each) => each.aliases.has(alias));
    return used ? named.filter((each) => each.aliases.size === 0).map(({ index }) => index) : [];
  });
}
