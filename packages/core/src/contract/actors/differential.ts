import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventStore } from "../../store/port.ts";
import { newProject } from "../fixtures.ts";
import { planned, toStored, VIEWS, WHILE_SOMEBODY_WAITS } from "../random.ts";
import type { DifferentialOptions } from "../random.ts";
import { actorSeed } from "./generate.ts";
import { expectAgreement, FUNNEL, ORDERED, PATHS, RETENTION, type ActorKind } from "./kinds.ts";

/** Of each of the four kinds, so nearly five thousand in all; every run has a seed of its own. Fewer prove nothing. */
const FLOOR = 1_200;
/** Of each kind over one set of events: loading costs more than asking. */
const QUESTIONS_PER_SET = 60;
/** Questions under way together. */
const AT_ONCE = 6;

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

    const compare = <Input, Plan, Result>(kind: string, of: ActorKind<Input, Plan, Result>): void => {
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
        for (let round = 0; compared < cases; round++) {
          await fc.assert(property, { seed: seed + round, numRuns: 10, ...WHILE_SOMEBODY_WAITS });
        }
        expect(compared).toBeGreaterThanOrEqual(FLOOR);
      });
    };

    compare("funnels", FUNNEL);
    compare("funnels in order", ORDERED);
    compare("retention questions", RETENTION);
    compare("questions about paths", PATHS);
  });
}
