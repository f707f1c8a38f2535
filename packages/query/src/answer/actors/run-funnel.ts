import { planFunnel, shapeFunnel, type FunnelQuery, type Scoped } from "@millrace/core";
import { echoSteps } from "../../parse/actors/parse-funnel.ts";
import { notesOnActors, notesOnIncomplete } from "../notes.ts";
import type { Asked } from "../asked.ts";
import type { Outcome } from "../outcome.ts";

export async function runFunnel(
  { engine, context, projectZone, raw }: Asked,
  query: Scoped<FunnelQuery>,
): Promise<Outcome> {
  const plan = planFunnel(query, context);
  const { value, ageMs } = await engine.funnel(plan);
  const { result, ...actors } = shapeFunnel(value);
  return {
    result,
    beside: { steps: echoSteps(raw), ...actors },
    exact: plan.incomplete.length === 0,
    notes: [...notesOnActors(plan.steps, projectZone), ...notesOnIncomplete(plan, context.now)],
    ageMs,
  };
}
