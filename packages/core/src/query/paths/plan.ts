import type { Field, Incomplete } from "../field.ts";
import { checkEffort } from "../filter-effort.ts";
import { planEvents, rangeOf, type EventsPlan, type PlanContext } from "../plan.ts";
import { planActor } from "../plan-actor.ts";
import type { Planned, Unbranded } from "../planned.ts";
import { createResolver } from "../resolve-field.ts";
import type { Scoped } from "../scope.ts";
import type { PathsQuery } from "./query.ts";

export interface PathsPlan
  extends EventsPlan, Planned, Pick<PathsQuery, "direction" | "anchor" | "depth" | "top" | "collapse"> {
  readonly kind: "paths";
  readonly session: Field;
  readonly step: Field;
  readonly incomplete: readonly Incomplete[];
}

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planPaths(query: Scoped<PathsQuery>, context: PlanContext): PathsPlan {
  const range = rangeOf(query, context);
  const fields = createResolver(context.properties, range);
  const events = planEvents(query, query, range, fields);
  checkEffort(events.filter, []);
  const { direction, anchor, depth, top, collapse } = query;
  return {
    ...events,
    kind: "paths",
    session: planActor(query.session, "session_property", fields),
    step: planActor(query.step, "step_property", fields),
    direction,
    ...(anchor !== undefined && { anchor }),
    depth,
    top,
    collapse,
    incomplete: fields.incomplete(),
  } satisfies Unbranded<PathsPlan> as unknown as PathsPlan;
}
