import { isFlag, isListOf, isObjectOf, isOneOf, isText, isWhole, type ReadMember } from "../../asking/spec.ts";
import type { Spec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { INTERVALS } from "../../state/interval.ts";

/** The analyses that the builder offers, and what each needs. */
export const ANALYSES = [
  { name: "count", label: t("How many"), target: false },
  { name: "count_unique", label: t("How many different"), target: true },
  { name: "sum", label: t("Sum of"), target: true },
  { name: "average", label: t("Average of"), target: true },
  { name: "median", label: t("Median of"), target: true },
  { name: "minimum", label: t("Smallest"), target: true },
  { name: "maximum", label: t("Largest"), target: true },
  { name: "percentiles", label: t("Percentiles of"), target: true },
  { name: "standard_deviation", label: t("Standard deviation of"), target: true },
  { name: "select_unique", label: t("The different values of"), target: true },
  { name: "extraction", label: t("The events themselves"), target: false },
] as const;
export type AnalysisName = (typeof ANALYSES)[number]["name"];

export interface Measure {
  readonly analysis: AnalysisName;
  readonly property: string;
  /** For percentiles only. */
  readonly percentiles: readonly number[];
}

/** One key of groups: the values of a property, or its numbers in steps or between limits. */
export interface Group {
  readonly property: string;
  /** Above 0: steps of that size. */
  readonly size: number;
  /** Two or more: ranges between them, and one below and one above. */
  readonly limits: readonly number[];
}

const WIDTHS = ["none", "auto", ...INTERVALS.map(({ name }) => name)] as const;

export interface ExploreSpec {
  /** Collections; none: all of them. */
  readonly events: readonly string[];
  readonly measures: readonly Measure[];
  readonly groups: readonly Group[];
  readonly interval: (typeof WIDTHS)[number];
  /** What rows are ordered by: the label of a measure, or the property of a group. Empty: the first measure. */
  readonly order: string;
  readonly down: boolean;
  /** Rows at most. */
  readonly limit: number;
  /** Whether one more row stands for all that the limit leaves out. */
  readonly other: boolean;
  readonly view: "chart" | "table";
}

export const COUNT: Measure = { analysis: "count", property: "", percentiles: [50, 90, 99] };

const isNumber: ReadMember<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
const isMeasure = isObjectOf(COUNT, {
  analysis: isOneOf(ANALYSES.map(({ name }) => name)),
  property: isText,
  percentiles: isListOf(isNumber, 20),
});
const isGroup = isObjectOf<Group>(
  { property: "", size: 0, limits: [] },
  { property: isText, size: isNumber, limits: isListOf(isNumber, 99) },
);

/** The most that the language takes. */
export const MOST = { measures: 20, groups: 5, limit: 1_000, collections: 100 } as const;

export const EXPLORE: Spec<ExploreSpec> = {
  defaults: {
    events: [],
    measures: [COUNT],
    groups: [],
    interval: "auto",
    order: "",
    down: true,
    limit: 10,
    other: false,
    view: "chart",
  },
  members: {
    events: isListOf(isText, MOST.collections),
    measures: (value) => {
      const read = isListOf(isMeasure, MOST.measures)(value);
      return read && read.length > 0 ? read : undefined;
    },
    groups: isListOf(isGroup, MOST.groups),
    interval: isOneOf(WIDTHS),
    order: isText,
    down: isFlag,
    limit: isWhole(1, MOST.limit),
    other: isFlag,
    view: isOneOf(["chart", "table"]),
  },
};

/** The measures that can be asked: those whose property is named. The events themselves are asked alone. */
export function askable(measures: readonly Measure[]): readonly Measure[] {
  const events = measures.find(({ analysis }) => analysis === "extraction");
  if (events) return [events];
  return measures.filter(({ analysis, property }) => property !== "" || !needsTarget(analysis));
}

export function needsTarget(analysis: AnalysisName): boolean {
  return ANALYSES.find(({ name }) => name === analysis)?.target ?? false;
}

/** True where rows can be ordered by it: what is one number. */
export function isOrderable({ analysis }: Measure): boolean {
  return analysis !== "percentiles" && analysis !== "select_unique" && analysis !== "extraction";
}
