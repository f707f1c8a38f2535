import { MillraceError } from "../../error.ts";
import { bucketEdges } from "../../time/interval.ts";
import type { Field, Incomplete } from "../field.ts";
import { checkEffort } from "../filter-effort.ts";
import { LIMITS_QUERY } from "../limits.ts";
import { planEvents, rangeOf, type EventsPlan, type PlanContext } from "../plan.ts";
import { planActor } from "../plan-actor.ts";
import type { Planned, Unbranded } from "../planned.ts";
import { createResolver } from "../resolve-field.ts";
import type { Scoped } from "../scope.ts";
import type { RetentionQuery } from "./query.ts";

export interface RetentionPlan extends Planned {
  readonly kind: "retention";
  readonly project: string;
  readonly first: EventsPlan;
  readonly returning: EventsPlan;
  readonly actor: Field;
  /** n + 1 edges of n half-open periods, in the zone asked. */
  readonly edges: readonly number[];
  readonly unbounded: boolean;
  readonly incomplete: readonly Incomplete[];
}

/** @throws MillraceError for anything that cannot be answered exactly as asked (G7), naming the part. */
export function planRetention(query: Scoped<RetentionQuery>, context: PlanContext): RetentionPlan {
  const range = rangeOf(query.first, context);
  if (!range) throw new MillraceError("MissingParameterError", "timeframe is required with retention.");
  const edges = bucketEdges({ kind: "calendar", unit: query.period }, range, query.first.zone);
  if (edges.length - 1 > LIMITS_QUERY.retentionPeriods) {
    throw new MillraceError(
      "InvalidIntervalError",
      `retention would have ${edges.length - 1} periods; the most is ${LIMITS_QUERY.retentionPeriods}. Use a longer interval or a shorter timeframe.`,
    );
  }
  const fields = createResolver(context.properties, range);
  const first = planEvents(query, query.first, range, fields);
  const returning = planEvents(query, query.returning, range, fields);
  for (const { filter } of [first, returning]) checkEffort(filter, []);
  return {
    kind: "retention",
    project: query.project,
    first,
    returning,
    actor: planActor(query.actor, "actor_property", fields),
    edges,
    unbounded: query.unbounded,
    incomplete: fields.incomplete(),
  } satisfies Unbranded<RetentionPlan> as unknown as RetentionPlan;
}
