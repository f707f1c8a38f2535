import { isDeepStrictEqual } from "node:util";
import type fc from "fast-check";
import type { StoredEvent } from "../../event/event.ts";
import type { PropertyView } from "../../query/field.ts";
import type { FunnelPlan } from "../../query/funnel/plan.ts";
import type { FunnelResult } from "../../query/funnel/result.ts";
import type { OrderedFunnelPlan } from "../../query/ordered-funnel/plan.ts";
import type { OrderedFunnelResult } from "../../query/ordered-funnel/result.ts";
import type { PathsPlan } from "../../query/paths/plan.ts";
import type { PathsQuery } from "../../query/paths/query.ts";
import type { PathsResult } from "../../query/paths/result.ts";
import { shapePaths } from "../../query/paths/shape.ts";
import type { RetentionPlan } from "../../query/retention/plan.ts";
import type { RetentionResult } from "../../query/retention/result.ts";
import type { EventStore } from "../../store/port.ts";
import { compareValues } from "../../values/value.ts";
import { funnelPlan, orderedFunnelPlan, pathsPlan, retentionPlan, type RetentionInput } from "../fixtures.ts";
import { funnelSteps, orderedFunnel, paths, retention } from "./generate.ts";
import { evaluateFunnel } from "./reference-funnel.ts";
import { evaluateOrderedFunnel } from "./reference-ordered.ts";
import { evaluatePaths } from "./reference-paths.ts";
import { evaluateRetention } from "./reference-retention.ts";

/** What answers questions about actors. */
export type ActorAnswers = Pick<EventStore, "funnel" | "orderedFunnel" | "retention" | "paths">;

/** One kind of question: how to make one, ask the store, and ask the reference. */
export interface ActorKind<Input, Plan, Result> {
  readonly input: fc.Arbitrary<Input>;
  readonly plan: (project: string, input: Input, view: PropertyView) => Plan;
  readonly ask: (store: ActorAnswers, plan: Plan) => Promise<Result>;
  readonly reference: (plan: Plan, events: readonly StoredEvent[]) => Result;
  /** Without what a store may do as it likes, such as the order of a list. */
  readonly comparable: (result: Result) => unknown;
}

export const FUNNEL: ActorKind<Parameters<typeof funnelPlan>[1], FunnelPlan, FunnelResult> = {
  input: funnelSteps,
  plan: (project, steps, properties) => funnelPlan(project, steps, { properties }),
  ask: (store, plan) => store.funnel(plan),
  reference: evaluateFunnel,
  comparable: ({ counts, actors }) => ({ counts, actors: actors.map((list) => list?.toSorted(compareValues)) }),
};

export const ORDERED: ActorKind<Parameters<typeof orderedFunnelPlan>[1], OrderedFunnelPlan, OrderedFunnelResult> = {
  input: orderedFunnel,
  plan: (project, input, properties) => orderedFunnelPlan(project, input, { properties }),
  ask: (store, plan) => store.orderedFunnel(plan),
  reference: evaluateOrderedFunnel,
  comparable: ({ total, groups }) => ({ total, groups: groups.toSorted((a, b) => compareValues(a.value, b.value)) }),
};

export const RETENTION: ActorKind<RetentionInput, RetentionPlan, RetentionResult> = {
  input: retention,
  plan: (project, input, properties) => retentionPlan(project, input, { properties }),
  ask: (store, plan) => store.retention(plan),
  reference: evaluateRetention,
  comparable: (result) => result,
};

export const PATHS: ActorKind<Partial<PathsQuery>, PathsPlan, PathsResult> = {
  input: paths,
  plan: (project, input, properties) => pathsPlan(project, input, { properties }),
  ask: (store, plan) => store.paths(plan),
  reference: evaluatePaths,
  comparable: (result) => shapePaths(result),
};

/** @throws Error with both answers and the plan when store and reference do not agree */
export async function expectAgreement<Input, Plan, Result>(
  store: ActorAnswers,
  of: ActorKind<Input, Plan, Result>,
  plan: Plan,
  stored: readonly StoredEvent[],
): Promise<void> {
  const [actual, expected] = [await of.ask(store, plan), of.reference(plan, stored)].map(of.comparable);
  if (isDeepStrictEqual(actual, expected)) return;
  const text = [actual, expected, plan].map((each) => JSON.stringify(each));
  throw new Error(`the store says ${text[0]}\nthe reference ${text[1]}\n${text[2]}`);
}
