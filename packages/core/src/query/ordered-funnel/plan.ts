import type { Field, Incomplete } from "../field.ts";
import { checkEffort } from "../filter-effort.ts";
import { planEvents, rangeOf, type EventsPlan, type PlanContext } from "../plan.ts";
import { planActor } from "../plan-actor.ts";
import type { Planned, Unbranded } from "../planned.ts";
import { createResolver, mergeIncomplete } from "../resolve-field.ts";
import type { Scoped } from "../scope.ts";
import type { OrderedFunnelQuery } from "./query.ts";

export interface OrderedFunnelPlan extends Planned {
  readonly kind: "ordered_funnel";
  readonly project: string;
  readonly steps: readonly OrderedStepPlan[];
  readonly windowMs?: number;
  /** Of the first step's events. */
  readonly breakdown?: Field;
  readonly incomplete: readonly Incomplete[];
}

export interface OrderedStepPlan extends EventsPlan {
  readonly actor: Field;
}

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planOrderedFunnel(query: Scoped<OrderedFunnelQuery>, context: PlanContext): OrderedFunnelPlan {
  const incomplete: Incomplete[] = [];
  let breakdown: Field | undefined;
  const steps = query.steps.map((step, i): OrderedStepPlan => {
    const range = rangeOf(step, context);
    const fields = createResolver(context.properties, range);
    const events = planEvents(query, step, range, fields);
    checkEffort(events.filter, []);
    const actor = planActor(step.actor, "actor_property", fields);
    if (i === 0 && query.breakdown !== undefined) breakdown = planActor(query.breakdown, "breakdown", fields);
    incomplete.push(...fields.incomplete());
    return { ...events, actor };
  });
  return {
    kind: "ordered_funnel",
    project: query.project,
    steps,
    ...(query.windowMs !== undefined && { windowMs: query.windowMs }),
    ...(breakdown && { breakdown }),
    incomplete: mergeIncomplete(incomplete),
  } satisfies Unbranded<OrderedFunnelPlan> as unknown as OrderedFunnelPlan;
}
