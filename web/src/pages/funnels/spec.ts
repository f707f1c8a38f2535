import { ANY_EVENT, isEventChoice, setOf, type EventChoice } from "../../asking/events.ts";
import { common, type AskedQuestion } from "../../asking/question.ts";
import { isFlag, isListOf, isOneOf, isText } from "../../asking/spec.ts";
import type { Spec } from "../../asking/use-spec.ts";
import { t } from "../../language/words.ts";
import { eventCollections, VIEWS, type Ask } from "../../questions/ask.ts";
import type { RangeName } from "../../state/ranges.ts";

/** The times within which the last step must follow the first. */
export const WINDOWS = [
  { value: "", label: t("any time") },
  { value: "30_minutes", label: t("30 minutes") },
  { value: "1_hours", label: t("an hour") },
  { value: "1_days", label: t("a day") },
  { value: "7_days", label: t("7 days") },
  { value: "30_days", label: t("30 days") },
] as const;

export interface FunnelSpec {
  readonly steps: readonly EventChoice[];
  /** Whether each step must come after the one before it. */
  readonly ordered: boolean;
  readonly window: string;
  /** Who does the steps: visitors, visits, users, or a property of the events' own. */
  readonly actor: string;
  /** A property of the first step: a funnel for each of its values. Empty: none. Only in order. */
  readonly breakdown: string;
}

/** Keen's most. */
export const MOST_STEPS = 20;

export const FUNNEL: Spec<FunnelSpec> = {
  defaults: { steps: [], ordered: true, window: "", actor: "$visit.id", breakdown: "" },
  members: {
    steps: isListOf(isEventChoice, MOST_STEPS),
    ordered: isFlag,
    window: isOneOf(WINDOWS.map(({ value }) => value)),
    actor: isText,
    breakdown: isText,
  },
};

/** The steps as they are shown: at least two, begun with what the project has. */
export function stepsOf({ steps }: Pick<FunnelSpec, "steps">, collections: readonly string[]): readonly EventChoice[] {
  if (steps.length >= 2) return steps;
  const names = eventCollections({ collections });
  const first = names.includes(VIEWS) ? VIEWS : names[0];
  const second = names.find((name) => name !== first) ?? first;
  const offered = [first, second].map((event): EventChoice => ({ ...ANY_EVENT, event: event ?? "" }));
  return [...steps, ...offered].slice(0, 2);
}

/** The page's filters hold in every step, as in every question of the page. */
export function toQuestion(spec: FunnelSpec, ask: Ask, range: RangeName): AskedQuestion {
  const { filters, ...whole } = common(ask, range);
  const collections = eventCollections(ask);
  const steps = stepsOf(spec, ask.collections).map((step) => {
    const set = setOf(step, collections);
    return { ...set, filters: [...filters, ...set.filters], actor_property: spec.actor };
  });
  const question = {
    analysis_type: "funnel",
    ...whole,
    steps,
    ...(spec.ordered && {
      ordered: true,
      ...(spec.window !== "" && { window: spec.window }),
      ...(spec.breakdown !== "" && { breakdown: spec.breakdown }),
    }),
    include_metadata: true,
  };
  return question as unknown as AskedQuestion;
}
