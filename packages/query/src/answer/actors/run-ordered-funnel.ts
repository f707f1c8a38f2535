import { planOrderedFunnel, shapeOrderedFunnel, type OrderedFunnelQuery, type Scoped } from "@millrace/core";
import { echoSteps } from "../../parse/actors/parse-funnel.ts";
import { notesOnActors, notesOnIncomplete } from "../notes.ts";
import type { Asked } from "../asked.ts";
import type { Outcome } from "../outcome.ts";

export async function runOrderedFunnel(
  { engine, context, projectZone, raw }: Asked,
  query: Scoped<OrderedFunnelQuery>,
): Promise<Outcome> {
  const plan = planOrderedFunnel(query, context);
  const { value, ageMs } = await engine.orderedFunnel(plan);
  const { result, ...beside } = shapeOrderedFunnel(query, value);
  return {
    result,
    beside: { steps: echoSteps(raw), ...beside },
    exact: plan.incomplete.length === 0,
    notes: [...notesOnActors(plan.steps, projectZone), ...notesOnIncomplete(plan, context.now)],
    ageMs,
  };
}
