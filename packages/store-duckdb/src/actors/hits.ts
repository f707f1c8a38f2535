import type { EventsPlan } from "@millrace/core";
import { conditionsOf } from "../compile-events.ts";
import type { Binder } from "../statement.ts";
import type { Key } from "./key.ts";

/**
 * The events of some steps: `actor`, for each step whether it is one of its events (`d0`, `d1`, …), and further columns. Steps that
 * name their actor alike are found in one pass over the events, however many there are.
 * @param further columns of the events, as SQL with a name
 */
export function hitsOf(steps: readonly EventsPlan[], key: Key, further: readonly string[], binder: Binder): string {
  const scans = Map.groupBy(steps.keys(), (i) => key.sql[i] ?? "");
  return [...scans].map(([actor, own]) => scan(steps, actor, own, further, binder)).join(" UNION ALL ");
}

function scan(
  steps: readonly EventsPlan[],
  actor: string,
  own: readonly number[],
  further: readonly string[],
  binder: Binder,
): string {
  const { where, each } = conditionsOf(
    own.flatMap((i) => steps[i] ?? []),
    binder,
  );
  const conditions = new Map(own.map((i, k) => [i, each[k]]));
  const flags = steps.map((_, i) => `${conditions.get(i) ?? "false"} AS d${i}`);
  const columns = [`${actor} AS actor`, ...flags, ...further];
  return `SELECT ${columns.join(", ")} FROM events WHERE ${where}`;
}
