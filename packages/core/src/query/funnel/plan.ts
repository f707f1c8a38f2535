import type { Field, Incomplete } from "../field.ts";
import { checkEffort } from "../filter-effort.ts";
import { planEvents, rangeOf, type EventsPlan, type PlanContext } from "../plan.ts";
import { planActor } from "../plan-actor.ts";
import type { Planned, Unbranded } from "../planned.ts";
import { createResolver, mergeIncomplete } from "../resolve-field.ts";
import type { Scoped } from "../scope.ts";
import type { FunnelQuery } from "./query.ts";

export interface FunnelPlan extends Planned {
  readonly kind: "funnel";
  readonly project: string;
  readonly steps: readonly FunnelStepPlan[];
  readonly incomplete: readonly Incomplete[];
}

export interface FunnelStepPlan extends EventsPlan {
  readonly actor: Field;
  readonly inverted: boolean;
  readonly optional: boolean;
  readonly withActors: boolean;
}

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planFunnel(query: Scoped<FunnelQuery>, context: PlanContext): FunnelPlan {
  const incomplete: Incomplete[] = [];
  const steps = query.steps.map((step): FunnelStepPlan => {
    const range = rangeOf(step, context);
    const fields = createResolver(context.properties, range);
    const events = planEvents(query, step, range, fields);
    checkEffort(events.filter, []);
    const actor = planActor(step.actor, "actor_property", fields);
    incomplete.push(...fields.incomplete());
    const { inverted, optional, withActors } = step;
    return { ...events, actor, inverted, optional, withActors };
  });
  return {
    kind: "funnel",
    project: query.project,
    steps,
    incomplete: mergeIncomplete(incomplete),
  } satisfies Unbranded<FunnelPlan> as unknown as FunnelPlan;
}
