import type { AskedQuestion } from "../../asking/question.ts";
import { common, compareTo } from "../../asking/question.ts";
import { t } from "../../language/words.ts";
import { eventCollections, type Ask } from "../../questions/ask.ts";
import type { Comparison } from "../../state/compare.ts";
import { keenInterval, type IntervalName } from "../../state/interval.ts";
import type { RangeName } from "../../state/ranges.ts";
import { labelsOf } from "./labels.ts";
import { askable, isOrderable, type ExploreSpec, type Group, type Measure } from "./spec.ts";

/** What the page's head says beside the builder. */
export interface Around {
  readonly ask: Ask;
  readonly range: RangeName;
  readonly compare: Comparison;
  /** The width of a bucket where the builder leaves it to the page. */
  readonly by: IntervalName;
}

/** Values that one answer lists at most of each of the events themselves. */
const EVENTS = 100;

/** The question that the builder stands for; undefined while something is missing. */
export function toQuestion(spec: ExploreSpec, around: Around): AskedQuestion | undefined {
  const { ask, range } = around;
  const measures = askable(spec.measures);
  const [first] = measures;
  if (!first) return undefined;
  const asked = {
    event_collection: collectionsOf(spec, ask),
    ...common(ask, range),
    include_metadata: true,
  };
  if (first.analysis === "extraction")
    return { analysis_type: "extraction", ...asked, latest: EVENTS } as AskedQuestion;
  const compare = compareTo(around.compare, range);
  const question = {
    ...analysisOf(measures),
    ...asked,
    ...(spec.interval !== "none" && { interval: keenInterval(widthOf(spec, around)) }),
    ...rowsOf(spec, measures),
    ...(compare && { compare_to: compare }),
  };
  return question as AskedQuestion;
}

/**
 * The question for the rows that a chart of groups over time draws: in buckets a limit would keep others in each, so the largest of the whole
 * time are found first. Undefined where all are drawn.
 */
export function toTopQuestion(spec: ExploreSpec, around: Around): AskedQuestion | undefined {
  if (!needsTop(spec)) return undefined;
  const question = toQuestion({ ...spec, interval: "none", other: false }, { ...around, compare: "off" });
  return question && ({ ...question, include_metadata: false } as AskedQuestion);
}

/** @param top the values of the one group that are drawn */
export function withTop(question: AskedQuestion, property: string, top: readonly unknown[]): AskedQuestion {
  const only = { property_name: property, operator: "in", property_value: top };
  const filters = "filters" in question ? (question.filters ?? []) : [];
  return { ...question, filters: [...filters, only] } as AskedQuestion;
}

/** One property's values over time: of many, the largest are drawn. */
export function needsTop({ interval, groups, measures }: ExploreSpec): boolean {
  const [group] = groups.filter(({ property }) => property !== "");
  const [first] = askable(measures);
  return (
    interval !== "none" &&
    groups.length === 1 &&
    group !== undefined &&
    isPlain(group) &&
    first?.analysis !== "extraction"
  );
}

export function widthOf({ interval }: ExploreSpec, { by }: Pick<Around, "by">): IntervalName {
  return interval === "none" || interval === "auto" ? by : interval;
}

/** A number of the tracker's engagement alone. */
const ENGAGED = "$engaged_ms";

/**
 * The one collection by its name, several as a list. All events are those that the overview counts, unless time on pages is asked for,
 * which is told by events of its own.
 */
function collectionsOf({ events, measures, groups }: ExploreSpec, ask: Ask): string | readonly string[] {
  const asksTime = [...measures, ...groups].some(({ property }) => property === ENGAGED);
  const chosen = events.length > 0 ? events : asksTime ? ask.collections : eventCollections(ask);
  return chosen.length === 1 && chosen[0] !== undefined ? chosen[0] : chosen;
}

function analysisOf(measures: readonly Measure[]) {
  const [first] = measures;
  if (measures.length === 1 && first) return entryOf(first);
  const labels = labelsOf(measures);
  return {
    analysis_type: "multi_analysis",
    analyses: Object.fromEntries(measures.map((measure, at) => [labels[at], entryOf(measure)])),
  };
}

function entryOf({ analysis, property, percentiles }: Measure) {
  return {
    analysis_type: analysis,
    ...(property !== "" && analysis !== "count" && { target_property: property }),
    ...(analysis === "percentiles" && { percentiles }),
  };
}

function rowsOf(spec: ExploreSpec, measures: readonly Measure[]) {
  const groups = spec.groups.filter(({ property }) => property !== "");
  if (groups.length === 0) return {};
  const keys = groups.map(keyOf);
  if (spec.interval !== "none") return { group_by: keys };
  return {
    group_by: keys,
    order_by: [{ property_name: orderOf(spec, measures), direction: directionOf(spec, measures) }],
    limit: spec.limit,
    ...(spec.other && { other: t("everything else") }),
  };
}

/** By what was chosen, if it can be ordered by, else by the first measure that can, else by the first group. */
function orderOf(spec: ExploreSpec, measures: readonly Measure[]): string {
  const groups = spec.groups.map(({ property }) => property).filter(Boolean);
  if (groups.includes(spec.order)) return spec.order;
  const labels = labelsOf(measures);
  const orderable = labels.filter((_, at) => measures[at] && isOrderable(measures[at]));
  const label = orderable.find((each) => each === spec.order) ?? orderable[0];
  if (label === undefined) return groups[0] ?? "result";
  return measures.length === 1 ? "result" : label;
}

/** Where no measure is one number, rows are in the order of a group, which begins with its first. */
function directionOf(spec: ExploreSpec, measures: readonly Measure[]): "ASC" | "DESC" {
  return spec.down && measures.some(isOrderable) ? "DESC" : "ASC";
}

function isPlain({ size, limits }: Group): boolean {
  return size <= 0 && limits.length < 2;
}

function keyOf(group: Group) {
  const { property, size, limits } = group;
  if (isPlain(group)) return property;
  if (limits.length < 2) return { property_name: property, buckets: { size } };
  const sorted = [...new Set(limits)].sort((a, b) => a - b);
  const ranges = [
    { to: sorted[0] },
    ...sorted.slice(1).map((to, at) => ({ from: sorted[at], to })),
    { from: sorted.at(-1) },
  ];
  return { property_name: property, ranges };
}
