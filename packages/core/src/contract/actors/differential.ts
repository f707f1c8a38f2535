import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredEvent } from "../../event/event.ts";
import type { FunnelPlan } from "../../query/funnel/plan.ts";
import type { FunnelResult } from "../../query/funnel/result.ts";
import type { PropertyView } from "../../query/field.ts";
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
import {
  funnelPlan,
  newProject,
  orderedFunnelPlan,
  pathsPlan,
  retentionPlan,
  type RetentionInput,
} from "../fixtures.ts";
import { planned, toStored, VIEWS } from "../random.ts";
import type { DifferentialOptions } from "../random.ts";
import { actorSeed, funnelSteps, orderedFunnel, paths, retention } from "./generate.ts";
import { evaluateFunnel } from "./reference-funnel.ts";
import { evaluateOrderedFunnel } from "./reference-ordered.ts";
import { evaluatePaths } from "./reference-paths.ts";
import { evaluateRetention } from "./reference-retention.ts";

/** Fewer prove nothing. */
const FLOOR = 3_000;
/** Of each kind over one set of events: loading costs more than asking. */
const QUESTIONS_PER_SET = 60;
/** Questions under way together. */
const AT_ONCE = 6;

/** One kind of question: how to make one, ask the store, and ask the reference. */
interface Kind<Input, Plan, Result> {
  readonly input: fc.Arbitrary<Input>;
  readonly plan: (project: string, input: Input, view: PropertyView) => Plan;
  readonly ask: (store: EventStore, plan: Plan) => Promise<Result>;
  readonly reference: (plan: Plan, events: readonly StoredEvent[]) => Result;
  /** Without what a store may do as it likes, such as the order of a list. */
  readonly comparable: (result: Result) => unknown;
}

const FUNNEL: Kind<Parameters<typeof funnelPlan>[1], FunnelPlan, FunnelResult> = {
  input: funnelSteps,
  plan: (project, steps, properties) => funnelPlan(project, steps, { properties }),
  ask: (store, plan) => store.funnel(plan),
  reference: evaluateFunnel,
  comparable: ({ counts, actors }) => ({ counts, actors: actors.map((list) => list?.toSorted(compareValues)) }),
};

const ORDERED: Kind<Parameters<typeof orderedFunnelPlan>[1], OrderedFunnelPlan, OrderedFunnelResult> = {
  input: orderedFunnel,
  plan: (project, input, properties) => orderedFunnelPlan(project, input, { properties }),
  ask: (store, plan) => store.orderedFunnel(plan),
  reference: evaluateOrderedFunnel,
  comparable: ({ total, groups }) => ({ total, groups: groups.toSorted((a, b) => compareValues(a.value, b.value)) }),
};

const RETENTION: Kind<RetentionInput, RetentionPlan, RetentionResult> = {
  input: retention,
  plan: (project, input, properties) => retentionPlan(project, input, { properties }),
  ask: (store, plan) => store.retention(plan),
  reference: evaluateRetention,
  comparable: (result) => result,
};

const PATHS: Kind<Partial<PathsQuery>, PathsPlan, PathsResult> = {
  input: paths,
  plan: (project, input, properties) => pathsPlan(project, input, { properties }),
  ask: (store, plan) => store.paths(plan),
  reference: evaluatePaths,
  comparable: (result) => shapePaths(result),
};

/**
 * Random questions about actors over random events that some few of them did, many at the same moment: store and reference must
 * give the same answer. `MILLRACE_SEED` repeats a run.
 */
export function describeActorDifferential({ name, create, refresh, cases = FLOOR }: DifferentialOptions): void {
  describe(`${name} answers questions about actors as the reference does`, () => {
    const seed = Number(process.env["MILLRACE_SEED"] ?? Date.now() % 2 ** 31);
    let store: EventStore;
    beforeAll(async () => {
      store = await create();
    });
    afterAll(() => store.close());

    const compare = <Input, Plan, Result>(kind: string, of: Kind<Input, Plan, Result>): void => {
      test(`on ${cases} random ${kind}`, { timeout: 900_000 }, async () => {
        console.log(`${name}: comparing ${cases} ${kind} with the reference, MILLRACE_SEED=${seed}`);
        let compared = 0;
        const questions = fc.array(of.input, { minLength: QUESTIONS_PER_SET, maxLength: QUESTIONS_PER_SET });
        const events = fc.array(actorSeed, { maxLength: 60, size: "max" });
        const property = fc.asyncProperty(events, questions, fc.constantFrom(...VIEWS), async (seeds, inputs, view) => {
          const project = newProject();
          const stored = seeds.map((event, i) => toStored(project, event, i, view));
          await store.append(stored);
          await refresh?.();
          const plans = inputs.flatMap((input) => planned(view, () => of.plan(project, input, view)) ?? []);
          for (let at = 0; at < plans.length; at += AT_ONCE) {
            const some = plans.slice(at, at + AT_ONCE);
            await Promise.all(some.map((plan) => expectAgreement(store, of, plan, stored)));
            compared += some.length;
          }
        });
        for (let round = 0; compared < cases; round++) await fc.assert(property, { seed: seed + round, numRuns: 10 });
        expect(compared).toBeGreaterThanOrEqual(FLOOR);
      });
    };

    compare("funnels", FUNNEL);
    compare("funnels in order", ORDERED);
    compare("retention questions", RETENTION);
    compare("questions about paths", PATHS);
  });
}

async function expectAgreement<Input, Plan, Result>(
  store: EventStore,
  of: Kind<Input, Plan, Result>,
  plan: Plan,
  stored: readonly StoredEvent[],
): Promise<void> {
  const [actual, expected] = [await of.ask(store, plan), of.reference(plan, stored)].map(of.comparable);
  if (isDeepStrictEqual(actual, expected)) return;
  const text = [actual, expected, plan].map((each) => JSON.stringify(each));
  throw new Error(`the store says ${text[0]}\nthe reference ${text[1]}\n${text[2]}`);
}
