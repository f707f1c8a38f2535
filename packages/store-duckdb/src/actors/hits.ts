import type { EventsPlan } from "@millrace/core";
import { condition, conditionOfAny } from "../compile-events.ts";
import type { Binder } from "../statement.ts";
import type { Key } from "./key.ts";

/**
 * The events of some steps: `actor`, for each step whether it is one of its events (`d0`, `d1`, …), and further columns. Steps that
 * name their actor alike are found in one pass over the events, however many there are.
 * @param further columns of the events, as SQL with a name
 */
export function hitsOf(steps: readonly EventsPlan[], key: Key, further: readonly string[], binder: Binder): string {
  const scans = Map.groupBy(steps.keys(), (i) => key.sql[i] ?? "");
  return [...scans].map(([actor, own]) => scan(steps, actor, new Set(own), further, binder)).join(" UNION ALL ");
}

function scan(
  steps: readonly EventsPlan[],
  actor: string,
  own: ReadonlySet<number>,
  further: readonly string[],
  binder: Binder,
): string {
  const flags = steps.map(
    (step, i) => `${own.has(i) ? `coalesce(${condition(step, binder)}, false)` : "false"} AS d${i}`,
  );
  const events = steps.filter((_, i) => own.has(i));
  const columns = [`${actor} AS actor`, ...flags, ...further];
  return `SELECT ${columns.join(", ")} FROM events WHERE ${conditionOfAny(events, binder)}`;
}
