import type { StoredEvent } from "../../event/event.ts";
import type { FunnelPlan, FunnelStepPlan } from "../../query/funnel/plan.ts";
import type { FunnelResult } from "../../query/funnel/result.ts";
import { valueKey, type Value } from "../../values/value.ts";
import { selected } from "../reference-filter.ts";
import { fieldValue } from "../reference-value.ts";

/** The answer to a funnel over these events, with sets: each step is what is left, without or with who did it. */
export function evaluateFunnel({ steps }: FunnelPlan, events: readonly StoredEvent[]): FunnelResult {
  const [first, ...later] = steps;
  if (!first) return { counts: [], actors: [] };
  let left = actorsOf(first, events);
  const kept = [left];
  for (const step of later) {
    const did = actorsOf(step, events);
    const own = new Map([...left].filter(([key]) => did.has(key) !== step.inverted));
    kept.push(own);
    if (!step.optional) left = own;
  }
  return {
    counts: kept.map(({ size }) => size),
    actors: steps.map(({ withActors }, i) => (withActors ? [...(kept[i]?.values() ?? [])] : null)),
  };
}

function actorsOf(step: FunnelStepPlan, events: readonly StoredEvent[]): Map<string, Value> {
  const actors = new Map<string, Value>();
  for (const event of selected(step, events)) {
    const actor = fieldValue(event, step.actor);
    if (actor !== undefined && actor !== null) actors.set(valueKey(actor), actor);
  }
  return actors;
}
