import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import type { PropertyView } from "../query/field.ts";
import type { ExtractionPlan, MetricPlan } from "../query/plan.ts";
import type { EventStore } from "../store/port.ts";
import { metricDifference } from "./compare.ts";
import type { ExtractionQuery } from "../query/query.ts";
import { extractionPlan, metricPlan, newProject, type MetricInput } from "./fixtures.ts";
import { eventSeed } from "./generate/events.ts";
import { extractionInput, metricInput } from "./generate/questions.ts";
import { planned, toStored, VIEWS, WHILE_SOMEBODY_WAITS, type DifferentialOptions } from "./random.ts";
import { evaluateExtraction, evaluateMetric } from "./reference.ts";

/** Fewer prove nothing: no run that compared less is a passed one. */
const FLOOR = 3_000;
/** Sets of events between two looks at the count, and the most queries asked of one set: loading costs more than asking. */
const SETS = 10;
const QUERIES_PER_SET = 60;
/** Queries under way together: a store on a server answers several in the time of one. */
const AT_ONCE = 6;

const queries = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: metricInput.map((metric) => ({ metric })) },
    extractionInput.map((extraction) => ({ extraction })),
  ),
  { minLength: 1, maxLength: QUERIES_PER_SET, size: "max" },
);
const events = fc.array(eventSeed, { maxLength: 40, size: "max" });

/**
 * Random queries over random events: the store and the reference evaluator must give the same answer. A failure prints the seed
 * and the smallest events and query found; `MILLRACE_SEED` repeats a run.
 */
export function describeDifferential({ name, create, refresh, cases = defaultCases() }: DifferentialOptions): void {
  describe(`${name} answers as the reference does`, () => {
    const seed = Number(process.env["MILLRACE_SEED"] ?? Date.now() % 2 ** 31);
    let store: EventStore;
    beforeAll(async () => {
      store = await create();
    });
    afterAll(() => store.close());

    test(`on ${cases} random queries`, { timeout: 900_000 }, async () => {
      console.log(`${name}: comparing ${cases} queries with the reference, MILLRACE_SEED=${seed}`);
      let compared = 0;
      const property = fc.asyncProperty(events, queries, fc.constantFrom(...VIEWS), async (seeds, inputs, view) => {
        const project = newProject();
        const stored = seeds.map((event, i) => toStored(project, event, i, view));
        const outcomes = await store.append(stored);
        expect(outcomes.every(({ kind }) => kind === "stored")).toBe(true);
        await refresh?.();
        const plans = inputs.flatMap((input) => planOf(project, input, view) ?? []);
        for (let at = 0; at < plans.length; at += AT_ONCE) {
          await Promise.all(plans.slice(at, at + AT_ONCE).map((plan) => expectSameAnswer(store, plan, stored)));
          compared += Math.min(AT_ONCE, plans.length - at);
        }
      });
      for (let round = 0; compared < cases; round++) {
        await fc.assert(property, { seed: seed + round, numRuns: SETS, ...WHILE_SOMEBODY_WAITS });
      }
      console.log(`${name}: ${compared} queries compared`);
      expect(compared).toBeGreaterThanOrEqual(FLOOR);
    });
  });
}

type Input = { readonly metric: MetricInput } | { readonly extraction: Partial<ExtractionQuery> };

function planOf(project: string, input: Input, view: PropertyView): MetricPlan | ExtractionPlan | undefined {
  return planned<MetricPlan | ExtractionPlan>(view, () =>
    "metric" in input ? metricPlan(project, input.metric, view) : extractionPlan(project, input.extraction, view),
  );
}

/** @throws Error with the difference and the plan when store and reference do not agree */
export async function expectSameAnswer(
  store: EventStore,
  plan: MetricPlan | ExtractionPlan,
  stored: readonly StoredEvent[],
): Promise<void> {
  const difference = await compareOne(store, plan, stored);
  if (difference !== undefined) throw new Error(`${difference}\n${JSON.stringify(plan)}`);
}

/** Undefined when store and reference agree. */
async function compareOne(
  store: EventStore,
  plan: MetricPlan | ExtractionPlan,
  stored: readonly StoredEvent[],
): Promise<string | undefined> {
  if (plan.kind === "metric") {
    return metricDifference(plan, await store.metric(plan), evaluateMetric(plan, stored));
  }
  const [actual, expected] = [(await store.extract(plan)).events, evaluateExtraction(plan, stored)];
  if (isDeepStrictEqual(actual, expected)) return undefined;
  return `the store extracts ${JSON.stringify(actual)}, the reference ${JSON.stringify(expected)}`;
}

function defaultCases(): number {
  return Number(process.env["MILLRACE_CASES"] ?? FLOOR);
}
