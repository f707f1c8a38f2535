import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MillraceError } from "../error.ts";
import type { StoredEvent } from "../event/event.ts";
import { moveToOverflow, propertyKinds } from "../event/flatten.ts";
import { mintId, monthOf, monthStart } from "../event/identity.ts";
import type { Clock } from "../ports/ambient.ts";
import type { Catalogue } from "../ports/catalogue.ts";
import type { Filter } from "../query/filter.ts";
import type { MetricPlan } from "../query/plan.ts";
import type { EventStore } from "../store/port.ts";
import type { Json, JsonObject } from "../values/json.ts";
import { metricDifference } from "./compare.ts";
import { metricPlan, newProject, storedEvent, TYPED, type MetricInput } from "./fixtures.ts";
import { WHILE_SOMEBODY_WAITS } from "./random.ts";
import { evaluateMetric } from "./reference.ts";

export interface LateNamesOptions {
  readonly name: string;
  /** Everything below works by this clock, which goes on by months. */
  readonly create: (clock: Clock) => Promise<EventStore>;
  readonly refresh?: () => Promise<void>;
  /** Catalogues of several processes over one new registry, with a small quota and budget. */
  readonly openCatalogues: (clock: Clock) => readonly Pick<Catalogue, "admit" | "view">[];
  /** Histories tried. */
  readonly runs: number;
}

/** One event on its way in, and how the world goes on before it. */
interface Step {
  readonly project: number;
  readonly process: number;
  /** Months that pass before. */
  readonly pass: number;
  /** Months the identity lies back, and the timestamp. */
  readonly late: number;
  readonly old: number;
  readonly properties: JsonObject;
}

interface Question {
  readonly project: number;
  readonly input: MetricInput;
  /** True when all it asks about properties is equality with a value: such answers are always whole. */
  readonly equality: boolean;
}

const BEGIN = monthOf(Date.UTC(2026, 2));
const PROJECTS = 3;
const NAMES = ["a", "b", "c", "d", "e", "f"];

const name = fc.constantFrom(...NAMES);
const value = fc.constantFrom<Json[]>("x", "y", 1, 2, true, null, ["x", 1]);
const often = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const step: fc.Arbitrary<Step> = fc.record({
  project: fc.nat(PROJECTS - 1),
  process: fc.nat(1),
  pass: often(0, 1, 2),
  late: often(0, 1, 14),
  old: often(0, 1, 14),
  properties: fc.dictionary(name, value, { minKeys: 1, maxKeys: 3 }),
});

const operand = fc.constantFrom("x", "y", 1, 2, true);
const equality: fc.Arbitrary<Filter<string>> = fc.oneof(
  fc.record({ kind: fc.constant("eq" as const), field: name, value: operand }),
  fc.record({
    kind: fc.constant("in" as const),
    field: name,
    values: fc.array(operand, { minLength: 1, maxLength: 3 }),
  }),
  fc
    .record({ kind: fc.constant("eq" as const), field: name, value: operand })
    .map((of): Filter<string> => ({ kind: "not", of })),
);
const otherFilter: fc.Arbitrary<Filter<string>> = fc.oneof(
  fc.record({ kind: fc.constant("eq" as const), field: name, value: fc.constant(null) }),
  fc.record({ kind: fc.constant("exists" as const), field: name }),
  fc.record({ kind: fc.constant("contains" as const), field: name, value: operand }),
  fc.record({ kind: fc.constant("regex" as const), field: name, pattern: fc.constant("x") }),
  fc.record({
    kind: fc.constant("compare" as const),
    field: name,
    op: fc.constant("gte" as const),
    value: fc.constant(1),
  }),
);
const asked: fc.Arbitrary<Omit<Question, "project">> = fc.oneof(
  equality.map((filter) => ({ input: { filter }, equality: true })),
  otherFilter.map((filter) => ({ input: { filter }, equality: false })),
  name.map((field) => ({ input: { groupBy: [field] }, equality: false })),
  name.map((field) => ({
    input: {
      measures: [
        { kind: "sum", field },
        { kind: "count_unique", field },
      ] satisfies MetricInput["measures"],
    },
    equality: false,
  })),
);
const timeframe = fc
  .tuple(fc.integer({ min: -3, max: 8 }), fc.integer({ min: 1, max: 4 }))
  .map(([from, months]) => ({ start: monthStart(BEGIN + from), end: monthStart(BEGIN + from + months) }));
const question: fc.Arbitrary<Question> = fc
  .record({ project: fc.nat(PROJECTS - 1), asked, time: fc.option(timeframe, { nil: undefined }) })
  .map(({ project, asked: { input, equality: isEquality }, time }) => ({
    project,
    input: { ...input, ...(time && { timeframe: { kind: "absolute", ...time } }) },
    equality: isEquality,
  }));

/**
 * Names come and go over months while quota and budget are used up. Whatever was turned down when, and however much of it another
 * process knew: an answer is either the whole truth, or says what it may lack, or is refused.
 */
export function describeLateNames({ name: store, create, refresh, openCatalogues, runs }: LateNamesOptions): void {
  describe(`${store}: names that fit again`, () => {
    const seed = Number(process.env["MILLRACE_SEED"] ?? Date.now() % 2 ** 31);
    let now = monthStart(BEGIN);
    const clock = { now: () => now };
    let events: EventStore;
    beforeAll(async () => {
      events = await create(clock);
      await events.prepare();
    });
    afterAll(() => events.close());

    test(`never give a silently wrong answer, in ${runs} histories`, { timeout: 600_000 }, async () => {
      console.log(`${store}: ${runs} histories of names, MILLRACE_SEED=${seed}`);
      const met = { whole: 0, split: 0, incomplete: 0, refused: 0 };
      const history = fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 30, size: "max" }),
        fc.array(question, { minLength: 1, maxLength: 25, size: "max" }),
        async (steps, questions) => {
          now = monthStart(BEGIN);
          const catalogues = openCatalogues(clock);
          const projects = Array.from({ length: PROJECTS }, newProject);
          const stored: StoredEvent[] = [];
          for (const [i, each] of steps.entries()) {
            now = monthStart(monthOf(now) + each.pass) + i;
            stored.push(await comeIn(each, projects, catalogues, now, i));
          }
          const outcomes = await events.append(stored);
          expect(outcomes.every(({ kind }) => kind === "stored")).toBe(true);
          await refresh?.();
          for (const each of questions) {
            const project = projects[each.project] ?? "";
            // Of a process that has not seen this history.
            const view = await catalogues[2]?.view(project);
            if (!view) throw new Error("Three catalogues are needed.");
            const plan = planned(project, each.input, view);
            if (plan === undefined) {
              expect(each.equality).toBe(false);
              met.refused++;
              continue;
            }
            if (each.equality) expect(plan.incomplete).toEqual([]);
            if (plan.incomplete.length > 0) {
              met.incomplete++;
              continue;
            }
            met[JSON.stringify(plan).includes('"split"') ? "split" : "whole"]++;
            // The truth is planned as if every value had always been typed, and evaluated over what was sent.
            const truth = evaluateMetric(metricPlan(project, each.input, TYPED), stored);
            const difference = metricDifference(plan, await events.metric(plan), truth);
            if (difference !== undefined) throw new Error(`${difference}\n${JSON.stringify(plan)}`);
          }
        },
      );
      await fc.assert(history, { seed, numRuns: runs, ...WHILE_SOMEBODY_WAITS });
      console.log(`${store}: ${JSON.stringify(met)}`);
      // Otherwise nothing was tried.
      expect(met.whole).toBeGreaterThan(0);
      expect(met.split + met.incomplete).toBeGreaterThan(0);
    });
  });
}

async function comeIn(
  { project, process: who, late, old, properties }: Step,
  projects: readonly string[],
  catalogues: readonly Pick<Catalogue, "admit">[],
  now: number,
  index: number,
): Promise<StoredEvent> {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, index);
  const identity = monthStart(monthOf(now) - late) + index;
  const event = storedEvent({
    project: projects[project] ?? "",
    timestamp: monthStart(monthOf(now) - old) + index,
    receivedAt: now,
    id: mintId(identity, random),
    ordinal: index,
    properties,
  });
  const sightings = propertyKinds(event.flat).map(([path, kind]) => ({ collection: event.collection, path, kind }));
  const when = { identity: monthOf(identity), timestamp: monthOf(event.timestamp) };
  const admission = await catalogues[who]?.admit(event.project, sightings, when, [event.collection]);
  return { ...event, flat: moveToOverflow(event.flat, (path, kind) => admission?.admits(path, kind) ?? false) };
}

/** Undefined for a question that planning refuses, as it must with properties that never were typed. */
function planned(project: string, input: MetricInput, view: Parameters<typeof metricPlan>[2]): MetricPlan | undefined {
  try {
    return metricPlan(project, input, view);
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === "UnsupportedQueryError") return undefined;
    throw thrown;
  }
}
