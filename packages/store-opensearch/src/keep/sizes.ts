import {
  groupsOf,
  isOwnGroup,
  monthEnd,
  partitionKey,
  periodsOf,
  PROPERTY_BUDGET,
  startOfMonth,
  type Cut,
  type Month,
  type MonthShape,
  type PartitionTable,
} from "@millrace/core";
import type { IndexNames } from "../names.ts";
import { indexesNamed, type IndexState } from "./state.ts";

/** Lucene ends at 2,147,483,519 documents, and long before it merges and recovery of a shard take hours. */
export const SHARD_EVENTS = 1_000_000_000;
/**
 * Of a group with more events a month, months are weeks: the server remembers what an index answered until something is written to it,
 * so of a dashboard's thirty days only the open period is read again. Not days: an index of each would be small, and many.
 */
const WEEKLY_EVENTS = 1_500_000;
/** A month is planned by the ones before it, and may bring twice as much. */
const GROWTH = 2;
/** How many equal periods a month has at least: the last week of four has up to ten days. */
const PERIODS: Readonly<Record<Cut, number>> = { 1: 1, 4: 3, 31: 28 };
const CUTS: readonly Cut[] = [1, 4, 31];
/** Months that the next one is planned by: this one, and the last whole one. */
const LOOK_BACK = 2;
/** Of a month that has just begun: what a day brings is known well enough. */
const LEAST_ELAPSED = 1 / 30;
/** Each group is an index of each period, and each shard costs the nodes memory. */
const MOST_GROUPS = 64;

export interface Sizes {
  /** Groups of projects that a month has at least. */
  readonly groups: number;
  /** Primaries of each index. */
  readonly shards: number;
  readonly shardEvents: number;
}

/**
 * The shape of the months to come: as many groups as the names need, and periods so short that no shard passes its size. A month
 * that has begun keeps its shape, so this looks at what the last two have brought.
 * @param fields the most fields of properties that an index of this month's shared groups maps
 */
export function shapeOf(
  { groups, shards, shardEvents }: Sizes,
  table: PartitionTable,
  { state, names, fields, now }: { state: readonly IndexState[]; names: IndexNames; fields: number; now: number },
): MonthShape {
  const begun = table.months.filter(({ month, dropped }) => !dropped && startOfMonth(month) <= now).slice(-LOOK_BACK);
  const fullest = Math.max(0, ...begun.flatMap((month) => expectedEvents(month, state, names, now)));
  const each = (GROWTH * fullest) / shards;
  const least: Cut = fullest > WEEKLY_EVENTS ? 4 : 1;
  const cut = CUTS.find((wanted) => wanted >= least && each / PERIODS[wanted] <= shardEvents) ?? 31;
  const present = begun.at(-1)?.groups ?? 1;
  const needed = fields > PROPERTY_BUDGET / 2 ? present * 2 : present;
  return { cut, groups: Math.min(MOST_GROUPS, Math.max(groups, needed)), own: table.own ?? [] };
}

/** Events of each group when the month is over, if it goes on as it began. */
function expectedEvents(month: Month, state: readonly IndexState[], names: IndexNames, now: number): number[] {
  const start = startOfMonth(month.month);
  const elapsed = Math.min(1, Math.max(LEAST_ELAPSED, (now - start) / (monthEnd(month.month) - start)));
  return groupsOf(month).map((group) => {
    const indexes = periodsOf(month).flatMap((period) =>
      indexesNamed(state, names.partition(partitionKey(group, period))),
    );
    return indexes.reduce((sum, { events }) => sum + events, 0) / elapsed;
  });
}

/** The write aliases of a month's shared groups, whose mappings tell how full their budgets are. */
export function sharedAliases(month: Month, names: IndexNames): string[] {
  return groupsOf(month)
    .filter((group) => !isOwnGroup(group))
    .flatMap((group) => periodsOf(month).map((period) => names.partition(partitionKey(group, period))));
}
