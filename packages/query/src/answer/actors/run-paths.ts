import { planPaths, shapePaths, type PathsQuery, type Scoped } from "@millrace/core";
import { notesOnActors, notesOnIncomplete } from "../notes.ts";
import type { Asked } from "../asked.ts";
import type { Outcome } from "../outcome.ts";

export async function runPaths({ engine, context, projectZone }: Asked, query: Scoped<PathsQuery>): Promise<Outcome> {
  const plan = planPaths(query, context);
  const { value, ageMs } = await engine.paths(plan);
  const { result, ...beside } = shapePaths(value);
  return {
    result,
    beside,
    exact: plan.incomplete.length === 0,
    notes: [...notesOnActors([{ actor: plan.session, ...plan }], projectZone), ...notesOnIncomplete(plan, context.now)],
    ageMs,
  };
}
