import {
  MillraceError,
  type FunnelQuery,
  type FunnelStep,
  type Json,
  type JsonObject,
  type OrderedFunnelQuery,
} from "@millrace/core";
import { check, quotable } from "../check.ts";
import { parseEvents } from "../parse-events.ts";
import { funnelStep, WIRE } from "../wire.ts";
import { readPart, readText, within } from "./part.ts";

/** What of the whole question a step takes over where it says nothing itself. */
const INHERITED = ["timeframe", "timezone", "bots"] as const;
/** What query builders leave in a step. */
const PASSED = ["step_label"];

/** @throws MillraceError that names the step and the parameter */
export function parseFunnel(raw: JsonObject): FunnelQuery | OrderedFunnelQuery {
  const steps = readSteps(raw).map(parseStep);
  if (raw["ordered"] !== undefined && check(WIRE.ordered, raw["ordered"], "ordered")) return parseOrdered(raw, steps);
  const stranger = ["window", "breakdown"].find((name) => raw[name] !== undefined);
  if (stranger === undefined) return { kind: "funnel", steps };
  throw new MillraceError("InvalidParameterError", `${stranger} is possible with ordered: true.`);
}

/** In order a step is either done or not: nothing can come after what was not done. */
function parseOrdered(raw: JsonObject, steps: readonly FunnelStep[]): OrderedFunnelQuery {
  const ordered = steps.map(({ inverted, optional, withActors, ...step }, i) => {
    const flag = inverted ? "inverted" : optional ? "optional" : withActors ? "with_actors" : undefined;
    if (flag === undefined) return step;
    throw new MillraceError("InvalidParameterError", `steps[${i}].${flag} is not possible with ordered: true.`);
  });
  return {
    kind: "ordered_funnel",
    steps: ordered,
    ...(raw["window"] !== undefined && { windowMs: parseWindow(check(WIRE.window, raw["window"], "window")) }),
    ...(raw["breakdown"] !== undefined && { breakdown: parseBreakdown(raw["breakdown"]) }),
  };
}

/** Lengths that do not depend on a calendar. */
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
const WINDOW = /^([1-9]\d{0,5})_(minute|hour|day|week)s?$/;

function parseWindow(text: string): number {
  const [, count, unit] = WINDOW.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  throw new MillraceError(
    "InvalidParameterError",
    `window "${quotable(text)}" is not known. Use a number of minutes, hours, days or weeks, such as "7_days".`,
  );
}

/** A name that a row has anyway would be overwritten by it. */
function parseBreakdown(raw: Json): string {
  const name = check(WIRE.breakdown, raw, "breakdown");
  if (name !== "result" && name !== "time_to_convert") return name;
  throw new MillraceError("InvalidParameterError", `breakdown "${name}" has the name of a value in the answer's rows.`);
}

/** The steps as Keen gives them back beside the result: as they were sent, and what they did not say. */
export function echoSteps(raw: JsonObject): Json[] {
  return readSteps(raw).map((step) => {
    const { inverted = false, optional = false, with_actors = false } = funnelStep.parse(step);
    return {
      event_collection: step["event_collection"] ?? null,
      actor_property: [step["actor_property"] ?? null].flat()[0] ?? null,
      timeframe: step["timeframe"] ?? null,
      timezone: step["timezone"] ?? null,
      filters: step["filters"] ?? [],
      inverted,
      optional,
      with_actors,
    };
  });
}

/** Each step with what it inherits. */
function readSteps(raw: JsonObject): JsonObject[] {
  const steps = raw["steps"] === undefined ? undefined : readText(raw["steps"], "steps");
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (raw[name] === undefined ? [] : [[name, raw[name]]])),
  );
  return check(WIRE.steps, steps, "steps").map((step, i) => ({
    ...inherited,
    ...readPart(step as Json, `steps[${i}]`, Object.keys(funnelStep.shape), PASSED),
  }));
}

function parseStep(step: JsonObject, index: number): FunnelStep {
  const path = `steps[${index}]`;
  const {
    actor_property: actor,
    inverted = false,
    optional = false,
    with_actors: withActors = false,
  } = check(funnelStep, step, path);
  if (index === 0 && (inverted || optional)) {
    throw new MillraceError(
      "InvalidParameterError",
      `${path} cannot be ${inverted ? "inverted" : "optional"}: the first step says who is counted at all.`,
    );
  }
  return { ...within(path, () => parseEvents(step)), actor, inverted, optional, withActors };
}
