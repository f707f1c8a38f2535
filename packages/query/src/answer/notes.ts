import {
  dateIn,
  isoUtc,
  type Field,
  type Incomplete,
  type MetricPlan,
  type TimeRange,
  type Zone,
} from "@millrace/core";

const LONGEST_DAY_MS = 25 * 3_600_000;

/** Said when unique visitors are counted over more than one day. */
export const VISITOR_DAYS_NOTE =
  "Visitor ids change every day, so a visitor who came on several days is counted once for each of them.";

/**
 * What a reader must know to read the numbers right, beside what the store itself notes.
 * @param projectZone the zone whose days the visitor ids change with
 */
export function notesOn(plan: MetricPlan, projectZone: Zone): string[] {
  const countsVisitors = plan.measures.some(
    ({ measure }) => (measure.kind === "count_unique" || measure.kind === "select_unique") && isVisitor(measure.field),
  );
  return countsVisitors ? visitorDays(spansOf(plan), projectZone) : [];
}

/** Said of visitors that are looked for at several times: there, one person is several. */
export function notesOnActors(
  actors: readonly { readonly actor: Field; readonly range?: TimeRange }[],
  projectZone: Zone,
): string[] {
  const visitors = actors.filter(({ actor }) => isVisitor(actor));
  return visitorDays(
    visitors.map(({ range }) => range ?? ALL_TIME),
    projectZone,
  );
}

function visitorDays(spans: readonly TimeRange[], zone: Zone): string[] {
  return spans.some((span) => isLongerThanDay(span, zone)) ? [VISITOR_DAYS_NOTE] : [];
}

function isVisitor(field: Field): boolean {
  return field.kind === "standard" && field.column === "visitor";
}

const ALL_TIME: TimeRange = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/** The time each value is computed over: the buckets, else the timeframe, else all time. */
function spansOf(plan: MetricPlan): TimeRange[] {
  const edges = plan.edges;
  if (edges) return edges.slice(1).map((end, i) => ({ start: edges[i] ?? end, end }));
  return [plan.range ?? ALL_TIME];
}

function isLongerThanDay({ start, end }: TimeRange, zone: Zone): boolean {
  return end - start > LONGEST_DAY_MS || dateIn(zone, start) !== dateIn(zone, end - 1);
}

/** Collections of a list that have had no event yet: they add nothing, and a misspelt name would look the same. */
export function notesOnUnknown(names: readonly string[]): string[] {
  return names.map((name) => `There is no collection "${name}" yet.`);
}

/**
 * Properties of which the answer may lack values, because some came while no further name was indexed.
 * @param now milliseconds UTC
 */
export function notesOnIncomplete(
  { incomplete }: { readonly incomplete: readonly Incomplete[] },
  now: number,
): string[] {
  return incomplete.map(({ path, ranges }) => {
    const end = ranges.at(-1)?.end ?? now;
    const since = end <= now ? ` Since ${day(end)} they are complete.` : "";
    return `Values of "${path}" ${ranges.map(times).join(" and ")} may be missing: they came beyond the quota of indexed properties, where only eq and in find them.${since}`;
  });
}

function times({ start, end }: TimeRange): string {
  const from = Number.isFinite(start) ? `from ${day(start)}` : "";
  const until = Number.isFinite(end) ? `until ${day(end)}` : "";
  return [from, until].filter(Boolean).join(" ") || "of any time";
}

function day(time: number): string {
  return isoUtc(time).slice(0, 10);
}
