import { createHash } from "node:crypto";
import { isBins, valueKey, type Field, type Filter, type MetricPlan, type Value } from "@millrace/core";

export type KeptMeasure = "count" | "count_unique" | "sum";

/** A question without its time, where it is one that can be answered from parts. */
export interface Question {
  /** Equal for equal questions, whatever their time; short, whatever their filters. */
  readonly key: string;
  readonly measures: readonly KeptMeasure[];
}

const MEASURES: ReadonlySet<string> = new Set<KeptMeasure>(["count", "count_unique", "sum"]);
/** Whose different values are told apart by a hash, as one pass tells them apart (compile-measure.ts). */
const HASHED: ReadonlySet<string> = new Set(["visitor", "visit_id"]);

/**
 * The questions of a dashboard: counts, sums and different visitors or visits, of all or by one key. A plain count without groups is as
 * fast as its parts would be. What looks for other events of an actor does so in all of the question's time, and has no parts.
 */
export function questionOf({
  project,
  collections,
  time,
  filter,
  measures,
  groupBy,
}: MetricPlan): Question | undefined {
  const kinds = measures.map(({ measure }) => measure.kind);
  const unique = measures.filter(({ measure }) => measure.kind === "count_unique");
  if (!kinds.every(isKept) || unique.length > 1 || unique.length + groupBy.length === 0) return undefined;
  if (unique.some(({ measure }) => measure.kind === "count_unique" && !isHashed(measure.field))) return undefined;
  if (groupBy.length > 1 || groupBy.some((key) => isBins(key))) return undefined;
  if ([filter, ...measures.map((each) => each.filter)].some((each) => each && hasDeed(each))) return undefined;
  const asked = measures.map(({ measure, filter: only }) => [measure, only]);
  return { key: short(JSON.stringify([project, collections, time, filter, asked, groupBy])), measures: kinds };
}

/** The key of what is asked of one group alone. */
export function keyOfGroup(question: Question, group: Value): string {
  return short(`${question.key} ${valueKey(group)}`);
}

function isKept(kind: string): kind is KeptMeasure {
  return MEASURES.has(kind);
}

function isHashed(field: Field): boolean {
  return field.kind === "standard" && HASHED.has(field.column);
}

function hasDeed(filter: Filter<Field>): boolean {
  if (filter.kind === "did") return true;
  if (filter.kind === "not") return hasDeed(filter.of);
  return (filter.kind === "all" || filter.kind === "any") && filter.of.some(hasDeed);
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
