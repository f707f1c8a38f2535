import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import type { PropertyView } from "../query/field.ts";
import type { EventStore } from "../store/port.ts";
import { largeSeed } from "./actors/generate.ts";
import { expectAgreement, FUNNEL, ORDERED, PATHS, RETENTION, type ActorKind } from "./actors/kinds.ts";
import { expectSameAnswer } from "./differential.ts";
import { extractionPlan, metricPlan, newProject } from "./fixtures.ts";
import { extractionInput, metricInput } from "./generate/questions.ts";
import { planned, toStored, VIEWS, type DifferentialOptions } from "./random.ts";

/** Engines take other ways with many rows than with few: beyond some dozens DuckDB joins otherwise, beyond 2,048 in pieces. */
const EVENTS = 4_000;
/** Sets of events; more of them for a long look: `MILLRACE_LARGE_SETS`. */
const SETS = Number(process.env["MILLRACE_LARGE_SETS"] ?? 1);
/** Of each kind, over one set. */
const QUESTIONS = 20;
/** What DuckDB answers side by side to one project: others would wait for their turn, and on a busy machine too long. */
const AT_ONCE = 2;
const PER_APPEND = 1_000;

/** One question, and its comparison with the reference. */
type Check = (store: EventStore, stored: readonly StoredEvent[]) => Promise<void>;
/** Questions of one kind. */
type Ask = (project: string, view: PropertyView, seed: number) => Check[];

/**
 * Random questions of every kind over sets of thousands of events: store and reference must give the same answer. `MILLRACE_SEED`
 * repeats a run.
 */
export function describeLargeSets({ name, create, refresh }: DifferentialOptions): void {
  describe(`${name} answers about thousands of events as the reference does`, () => {
    const seed = Number(process.env["MILLRACE_SEED"] ?? Date.now() % 2 ** 31);
    let store: EventStore;
    beforeAll(async () => {
      store = await create();
    });
    afterAll(() => store.close());

    test(`on ${SETS} sets of ${EVENTS}`, { timeout: SETS * 300_000 }, async () => {
      console.log(`${name}: comparing answers about ${SETS} sets of ${EVENTS} events, MILLRACE_SEED=${seed}`);
      for (let set = 0; set < SETS; set++) {
        const project = newProject();
        const view = VIEWS[set % VIEWS.length] ?? VIEWS[0];
        if (!view) throw new Error("There are views.");
        const seeds = fc.sample(largeSeed, { numRuns: EVENTS, seed: seed + set });
        const stored = seeds.map((event, i) => toStored(project, event, i, view));
        for (let at = 0; at < stored.length; at += PER_APPEND) {
          const outcomes = await store.append(stored.slice(at, at + PER_APPEND));
          expect(outcomes.every(({ kind }) => kind === "stored")).toBe(true);
        }
        await refresh?.();
        const checks = KINDS.flatMap((ask) => ask(project, view, seed + set));
        for (let at = 0; at < checks.length; at += AT_ONCE) {
          await Promise.all(checks.slice(at, at + AT_ONCE).map((check) => check(store, stored)));
        }
        expect(checks.length).toBeGreaterThan(KINDS.length);
      }
    });
  });
}

/** What planning refuses is no question. */
function questions<Input, Plan>(
  input: fc.Arbitrary<Input>,
  plan: (project: string, input: Input, view: PropertyView) => Plan,
  check: (plan: Plan) => Check,
): Ask {
  return (project, view, seed) =>
    fc.sample(input, { numRuns: QUESTIONS, seed }).flatMap((one) => {
      const made = planned(view, () => plan(project, one, view));
      return made === undefined ? [] : [check(made)];
    });
}

function aboutActors<Input, Plan, Result>(of: ActorKind<Input, Plan, Result>): Ask {
  return questions(of.input, of.plan, (plan) => (store, stored) => expectAgreement(store, of, plan, stored));
}

const KINDS: readonly Ask[] = [
  aboutActors(FUNNEL),
  aboutActors(ORDERED),
  aboutActors(RETENTION),
  aboutActors(PATHS),
  questions(metricInput, metricPlan, (plan) => (store, stored) => expectSameAnswer(store, plan, stored)),
  questions(extractionInput, extractionPlan, (plan) => (store, stored) => expectSameAnswer(store, plan, stored)),
];
