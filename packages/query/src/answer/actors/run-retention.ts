import { planRetention, shapeRetention, type RetentionQuery, type Scoped } from "@millrace/core";
import { notesOnActors, notesOnIncomplete } from "../notes.ts";
import type { Asked } from "../asked.ts";
import type { Outcome } from "../outcome.ts";

export async function runRetention(
  { engine, context, projectZone }: Asked,
  query: Scoped<RetentionQuery>,
): Promise<Outcome> {
  const plan = planRetention(query, context);
  const { value, ageMs } = await engine.retention(plan);
  const { actor, first } = plan;
  return {
    result: shapeRetention(plan, value),
    exact: plan.incomplete.length === 0,
    notes: [...notesOnActors([{ actor, ...first }], projectZone), ...notesOnIncomplete(plan, context.now)],
    ageMs,
  };
}
