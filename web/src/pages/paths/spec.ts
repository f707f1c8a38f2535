import { ANY_EVENT, isEventChoice, setOf, type EventChoice } from "../../asking/events.ts";
import { common, type AskedQuestion } from "../../asking/question.ts";
import { isOneOf, isText, isWhole } from "../../asking/spec.ts";
import type { Spec } from "../../asking/use-spec.ts";
import { eventCollections, VIEWS, type Ask } from "../../questions/ask.ts";
import type { RangeName } from "../../state/ranges.ts";

export interface PathsSpec {
  /** Which events are steps. */
  readonly of: EventChoice;
  /** What a step is called by: its page, its event, or a property. Empty: the page where there are page views, else the event. */
  readonly step: string;
  readonly session: string;
  readonly direction: "next" | "previous";
  /** Where paths begin; empty: where sessions begin, or end. */
  readonly anchor: string;
  readonly depth: number;
  readonly values: number;
  readonly view: "layers" | "table";
}

export const PATHS: Spec<PathsSpec> = {
  defaults: {
    of: ANY_EVENT,
    step: "",
    session: "$visit.id",
    direction: "next",
    anchor: "",
    depth: 3,
    values: 6,
    view: "layers",
  },
  members: {
    of: isEventChoice,
    step: isText,
    session: isText,
    direction: isOneOf(["next", "previous"]),
    anchor: isText,
    depth: isWhole(1, 10),
    values: isWhole(1, 50),
    view: isOneOf(["layers", "table"]),
  },
};

/** What the page shows before anything is chosen: pages seen where there are page views, else one event after another. */
export function completed(spec: PathsSpec, ask: Pick<Ask, "collections">): PathsSpec {
  const isWeb = ask.collections.includes(VIEWS);
  const of = spec.step === "" && spec.of.event === "" && isWeb ? { ...spec.of, event: VIEWS } : spec.of;
  return { ...spec, of, step: spec.step || (isWeb ? "$page.path" : "$collection") };
}

/** @param spec as {@link completed} gives it */
export function toQuestion(spec: PathsSpec, ask: Ask, range: RangeName): AskedQuestion {
  const { filters, ...whole } = common(ask, range);
  const set = setOf(spec.of, eventCollections(ask));
  const question = {
    analysis_type: "paths",
    event_collection: set.event_collection,
    ...whole,
    filters: [...filters, ...set.filters],
    step_property: spec.step,
    session_property: spec.session,
    direction: spec.direction,
    ...(spec.anchor !== "" && { anchor: spec.anchor }),
    depth: spec.depth,
    values: spec.values,
    include_metadata: true,
  };
  return question as unknown as AskedQuestion;
}
