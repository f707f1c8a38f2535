import { EVERYTHING, hullOf, type EventsPlan, type Field } from "@millrace/core";
import { compileFilter } from "./compile-filter.ts";
import { identifier } from "./schema.ts";
import { literal, type Binder } from "./statement.ts";

/** The project first, outside of everything the caller wrote. */
export function condition(plan: EventsPlan, binder: Binder): string {
  const parts = [`"project" = ${binder.text(plan.project)}`, collections(plan.collections, binder)];
  if (plan.range) {
    const column = identifier(plan.time);
    parts.push(`${column} >= ${literal(plan.range.start)}`, `${column} < ${literal(plan.range.end)}`);
  }
  parts.push(compileFilter(plan.filter, binder));
  return parts.filter((part) => part !== "true").join(" AND ");
}

/**
 * True for the events of any of these sets, which are one project's: what they have in common is said once before the rest, so that
 * row groups are pruned by it.
 */
export function conditionOfAny(sets: readonly EventsPlan[], binder: Binder): string {
  const [first, ...others] = sets;
  if (first === undefined) return "false";
  if (others.length === 0) return condition(first, binder);
  const hull = sets.every(({ time }) => time === first.time) && hullOf(sets.map(({ range }) => range));
  const common: EventsPlan = {
    project: first.project,
    collections: [...new Set(sets.flatMap((set) => set.collections))],
    time: first.time,
    filter: EVERYTHING,
    ...(hull && { range: hull }),
  };
  return `${condition(common, binder)} AND (${sets.map((set) => `(${condition(set, binder)})`).join(" OR ")})`;
}

function collections(names: readonly string[], binder: Binder): string {
  const field: Field = { kind: "standard", name: "$collection", column: "collection", type: "string" };
  return compileFilter({ kind: "in", field, values: names }, binder);
}
