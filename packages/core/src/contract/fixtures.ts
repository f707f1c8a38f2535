import { randomBytes, randomUUID } from "node:crypto";
import { flatten } from "../event/flatten.ts";
import { mintId } from "../event/identity.ts";
import type { StoredEvent } from "../event/event.ts";
import type { JsonObject } from "../values/json.ts";
import { EVERYTHING, type Filter } from "../query/filter.ts";
import type { PropertyView } from "../query/field.ts";
import { planFunnel, type FunnelPlan } from "../query/funnel/plan.ts";
import type { FunnelQuery, FunnelStep } from "../query/funnel/query.ts";
import { planOrderedFunnel, type OrderedFunnelPlan } from "../query/ordered-funnel/plan.ts";
import type { OrderedFunnelQuery, OrderedStep } from "../query/ordered-funnel/query.ts";
import { planPaths, type PathsPlan } from "../query/paths/plan.ts";
import type { PathsQuery } from "../query/paths/query.ts";
import { planRetention, type RetentionPlan } from "../query/retention/plan.ts";
import type { RetentionQuery } from "../query/retention/query.ts";
import type { EventSet } from "../query/event-set.ts";
import { planExtraction, planMetric, type ExtractionPlan, type MetricPlan } from "../query/plan.ts";
import type { ExtractionQuery, LabelledMeasure, Measure, MetricQuery } from "../query/query.ts";
import { scopeQuery } from "../query/scope.ts";
import type { Timeframe, TimeRange } from "../time/timeframe.ts";
import { UTC, type Zone } from "../time/zone.ts";

/** When the suite's events happen unless they say otherwise. */
export const NOON = Date.UTC(2026, 2, 10, 12);

/** A project nobody else uses, so that cases share one store without meeting. */
export function newProject(): string {
  return `p${randomUUID().replaceAll("-", "")}`;
}

export type EventInput = Partial<Omit<StoredEvent, "flat">> & { readonly project: string };

/** One event with everything a test does not care about filled in. The id's identity time is the timestamp. */
export function storedEvent(input: EventInput): StoredEvent {
  const timestamp = input.timestamp ?? NOON;
  const properties: JsonObject = input.properties ?? {};
  return {
    id: mintId(timestamp, randomBytes(10)),
    collection: "visits",
    receivedAt: timestamp,
    batch: randomUUID(),
    ordinal: 0,
    instance: "instance",
    sequence: 1,
    accepted: 1,
    context: {},
    ...input,
    timestamp,
    properties,
    flat: flatten(properties),
  };
}

/**
 * Identity times of the events of a message, in turn. A store that keeps months apart has them in several places, and every answer
 * is put together from all of them.
 */
const IDENTITY_TIMES = [NOON, Date.UTC(2026, 8, 10), Date.UTC(2026, 9, 10)] as const;

/** One event per set of properties, as one message of one project, all at noon, with ids of several months. */
export function message(project: string, ...properties: JsonObject[]): StoredEvent[] {
  const batch = randomUUID();
  return properties.map((each, ordinal) => {
    const id = mintId(IDENTITY_TIMES[ordinal % IDENTITY_TIMES.length] ?? NOON, randomBytes(10));
    return storedEvent({ project, batch, ordinal, id, properties: each });
  });
}

/** Every property is typed, as it is nearly always. */
export const TYPED: PropertyView = { admits: () => true, untyped: () => [] };
/** For views: a property may lie outside of its typed fields at any time. */
export const ANY_TIME: readonly TimeRange[] = [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }];

export type MetricInput = Partial<Omit<MetricQuery, "measures">> & {
  readonly measures?: readonly (Measure<string> | LabelledMeasure<string>)[];
};

/** A metric query: a count of everything in `visits`, unless it says otherwise. */
export function metricQuery({ measures = [{ kind: "count" }], ...rest }: MetricInput = {}): MetricQuery {
  return {
    kind: "metric",
    collections: ["visits"],
    zone: UTC,
    filter: EVERYTHING,
    bots: "include",
    single: false,
    groupBy: [],
    orderBy: [],
    zeroFill: true,
    measures: measures.map((m, i) => ("measure" in m ? m : { label: `m${i}`, measure: m })),
    ...rest,
  };
}

/** The same, planned for one project. */
export function metricPlan(project: string, input: MetricInput = {}, properties: PropertyView = TYPED): MetricPlan {
  return planMetric(scopeQuery(metricQuery(input), { project }), { now: NOON, properties });
}

/** A planned extraction of one project: everything in `visits`, oldest first, unless it says otherwise. */
export function extractionPlan(
  project: string,
  input: Partial<ExtractionQuery> = {},
  properties: PropertyView = TYPED,
): ExtractionPlan {
  const query: ExtractionQuery = {
    kind: "extraction",
    collections: ["visits"],
    zone: UTC,
    filter: EVERYTHING,
    bots: "include",
    ...input,
  };
  return planExtraction(scopeQuery(query, { project }), { now: NOON, properties });
}

/** What is known of the project's properties, and what its key may see. */
export interface ScopeInput {
  readonly properties?: PropertyView;
  readonly filter?: Filter<string>;
}

export type StepInput = Partial<FunnelStep>;

/** A planned funnel of one project: who did each step in `visits`, by the property `who`, unless it says otherwise. */
export function funnelPlan(
  project: string,
  steps: readonly StepInput[],
  { properties = TYPED, filter }: ScopeInput = {},
): FunnelPlan {
  const query: FunnelQuery = {
    kind: "funnel",
    steps: steps.map((step) => ({
      collections: ["visits"],
      zone: UTC,
      filter: EVERYTHING,
      bots: "include",
      actor: "who",
      inverted: false,
      optional: false,
      withActors: false,
      ...step,
    })),
  };
  return planFunnel(scopeQuery(query, { project, ...(filter && { filter }) }), { now: NOON, properties });
}

const SET: EventSet = { collections: ["visits"], zone: UTC, filter: EVERYTHING, bots: "include" };

/** A funnel in order, of steps as those of {@link funnelPlan}. */
export function orderedFunnelPlan(
  project: string,
  { steps, ...rest }: Omit<OrderedFunnelQuery, "kind" | "steps"> & { readonly steps: readonly Partial<OrderedStep>[] },
  { properties = TYPED, filter }: ScopeInput = {},
): OrderedFunnelPlan {
  const query: OrderedFunnelQuery = {
    kind: "ordered_funnel",
    steps: steps.map((step) => ({ ...SET, actor: "who", ...step })),
    ...rest,
  };
  return planOrderedFunnel(scopeQuery(query, { project, ...(filter && { filter }) }), { now: NOON, properties });
}

export type RetentionInput = Omit<Partial<RetentionQuery>, "first" | "returning"> & {
  readonly timeframe: Timeframe;
  readonly zone?: Zone;
  readonly first?: Partial<EventSet>;
  readonly returning?: Partial<EventSet>;
};

/** Retention of one project's `who` in `visits`, unless it says otherwise. */
export function retentionPlan(
  project: string,
  { timeframe, zone = UTC, first, returning, ...rest }: RetentionInput,
  { properties = TYPED, filter }: ScopeInput = {},
): RetentionPlan {
  const query: RetentionQuery = {
    kind: "retention",
    actor: "who",
    period: "day",
    unbounded: false,
    ...rest,
    first: { ...SET, ...first, timeframe, zone },
    returning: { ...SET, ...returning, timeframe, zone },
  };
  return planRetention(scopeQuery(query, { project, ...(filter && { filter }) }), { now: NOON, properties });
}

/** Paths over the pages of one project's visits, unless it says otherwise. */
export function pathsPlan(
  project: string,
  input: Partial<PathsQuery> = {},
  { properties = TYPED, filter }: ScopeInput = {},
): PathsPlan {
  const query: PathsQuery = {
    kind: "paths",
    ...SET,
    session: "$visit.id",
    step: "$page.path",
    direction: "next",
    depth: 3,
    top: 5,
    collapse: true,
    ...input,
  };
  return planPaths(scopeQuery(query, { project, ...(filter && { filter }) }), { now: NOON, properties });
}

/** `not` of a filter, to keep cases on one line. */
export function not(of: Filter<string>): Filter<string> {
  return { kind: "not", of };
}
