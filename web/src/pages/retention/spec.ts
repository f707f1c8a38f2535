import { ANY_EVENT, isEventChoice, setOf, type EventChoice } from "../../asking/events.ts";
import { common, type AskedQuestion } from "../../asking/question.ts";
import { isFlag, isOneOf, isText } from "../../asking/spec.ts";
import type { Spec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { eventCollections, type Ask } from "../../questions/ask.ts";
import type { IntervalName } from "../../state/interval.ts";
import type { Period, RangeName } from "../../state/ranges.ts";
import { daysBetween } from "../../state/wall.ts";

/** Periods by which people are put into cohorts. */
export const COHORTS = [
  { value: "day", label: t("Days"), keen: "daily" },
  { value: "week", label: t("Weeks"), keen: "weekly" },
  { value: "month", label: t("Months"), keen: "monthly" },
] as const;
type CohortWidth = (typeof COHORTS)[number]["value"];

export interface RetentionSpec {
  readonly first: EventChoice;
  readonly returning: EventChoice;
  readonly actor: string;
  /** `auto`: as fits the range. */
  readonly width: CohortWidth | "auto";
  /** Whether somebody who came back later counts in the periods before, too. */
  readonly unbounded: boolean;
  readonly show: "percent" | "count";
}

export const RETENTION: Spec<RetentionSpec> = {
  defaults: {
    first: ANY_EVENT,
    returning: ANY_EVENT,
    actor: "$user",
    width: "auto",
    unbounded: false,
    show: "percent",
  },
  members: {
    first: isEventChoice,
    returning: isEventChoice,
    actor: isText,
    width: isOneOf(["auto", ...COHORTS.map(({ value }) => value)]),
    unbounded: isFlag,
    show: isOneOf(["percent", "count"]),
  },
};

/** More columns than this are read by nobody, and 366 periods are the most that the language takes. */
const WIDEST: Readonly<Record<CohortWidth, number>> = { day: 31, week: 31 * 7, month: 366 * 28 };

export function widthOf({ width }: Pick<RetentionSpec, "width">, period: Period): IntervalName & CohortWidth {
  if (width !== "auto") return width;
  const days = daysBetween(period.start, period.end);
  return days <= WIDEST.day ? "day" : days <= WIDEST.week ? "week" : "month";
}

export function toQuestion(spec: RetentionSpec, ask: Ask, range: RangeName): AskedQuestion {
  const { filters, ...whole } = common(ask, range);
  const collections = eventCollections(ask);
  const width = widthOf(spec, ask.period);
  const of = (choice: EventChoice) => {
    const set = setOf(choice, collections);
    return { ...set, filters: [...filters, ...set.filters] };
  };
  const question = {
    analysis_type: "retention",
    ...whole,
    actor_property: spec.actor,
    interval: COHORTS.find(({ value }) => value === width)?.keen,
    first: of(spec.first),
    returning: of(spec.returning),
    ...(spec.unbounded && { unbounded: true }),
    include_metadata: true,
  };
  return question as unknown as AskedQuestion;
}
