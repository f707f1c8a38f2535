import { MillraceError, type FunnelQuery, type FunnelStep, type Json, type JsonObject } from "@millrace/core";
import { check } from "../check.ts";
import { parseEvents } from "../parse-events.ts";
import { funnelStep, WIRE } from "../wire.ts";
import { readPart, readText, within } from "./part.ts";

/** What of the whole question a step takes over where it says nothing itself. */
const INHERITED = ["timeframe", "timezone", "bots"] as const;
/** What query builders leave in a step. */
const PASSED = ["step_label"];

/** @throws MillraceError that names the step and the parameter */
export function parseFunnel(raw: JsonObject): FunnelQuery {
  return { kind: "funnel", steps: readSteps(raw).map(parseStep) };
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
