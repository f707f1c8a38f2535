import type { StoredEvent } from "../../event/event.ts";
import type { OrderedFunnelPlan } from "../../query/ordered-funnel/plan.ts";
import type { Conversion, OrderedFunnelResult } from "../../query/ordered-funnel/result.ts";
import { nearestRank } from "../../query/query.ts";
import { compareValues, valueKey, type Value } from "../../values/value.ts";
import { selected } from "../reference-filter.ts";
import { fieldValue } from "../reference-value.ts";

interface Attempt {
  readonly value: Value;
  readonly times: readonly number[];
}

/** The answer to an ordered funnel over these events: every attempt of every actor, and the best one of each. */
export function evaluateOrderedFunnel(plan: OrderedFunnelPlan, events: readonly StoredEvent[]): OrderedFunnelResult {
  const steps = plan.steps.map((step) =>
    Map.groupBy(selected(step, events), (event) => {
      const actor = fieldValue(event, step.actor) ?? null;
      return actor === null ? undefined : valueKey(actor);
    }),
  );
  const [first, ...later] = steps;
  const best: Attempt[] = [];
  for (const [actor, begun] of first ?? []) {
    if (actor === undefined) continue;
    const attempts = begun.map((event): Attempt => {
      const times = [event.timestamp];
      for (const step of later) {
        const after = (step.get(actor) ?? [])
          .map((each) => each.timestamp)
          .filter((time) => time > (times.at(-1) ?? 0));
        const next = Math.min(...after);
        if (next - event.timestamp > (plan.windowMs ?? Number.MAX_SAFE_INTEGER)) break;
        times.push(next);
      }
      return { value: (plan.breakdown && fieldValue(event, plan.breakdown)) ?? null, times };
    });
    attempts.sort(
      (a, b) =>
        b.times.length - a.times.length || (a.times[0] ?? 0) - (b.times[0] ?? 0) || compareValues(a.value, b.value),
    );
    if (attempts[0]) best.push(attempts[0]);
  }
  const groups = plan.breakdown ? Map.groupBy(best, ({ value }) => valueKey(value)) : new Map<string, Attempt[]>();
  return {
    total: conversion(best, plan.steps.length),
    groups: [...groups.values()].map((own) => ({
      value: own[0]?.value ?? null,
      ...conversion(own, plan.steps.length),
    })),
  };
}

function conversion(attempts: readonly Attempt[], steps: number): Conversion {
  const reached = Array.from({ length: steps }, (_, k) => attempts.filter(({ times }) => times.length > k));
  return {
    counts: reached.map(({ length }) => length),
    times: reached.map((own, k) => {
      if (k === 0 || own.length === 0) return null;
      const took = own.map(({ times }) => (times[k] ?? 0) - (times[k - 1] ?? 0)).sort((a, b) => a - b);
      const at = (percentile: number) => took[nearestRank(percentile, took.length) - 1] ?? 0;
      return { sum: took.reduce((sum, ms) => sum + ms, 0), median: at(50), p90: at(90) };
    }),
  };
}
