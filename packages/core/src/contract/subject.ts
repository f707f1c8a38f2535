import { expect } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import type { Filter } from "../query/filter.ts";
import type { Measure } from "../query/query.ts";
import type { MetricPlan } from "../query/plan.ts";
import type { MeasureValue, MetricRow } from "../query/result.ts";
import type { AppendOutcome, EventStore } from "../store/port.ts";
import { compareValues, type Value } from "../values/value.ts";
import { metricPlan, type MetricInput } from "./fixtures.ts";

export interface StoreContractOptions {
  readonly name: string;
  /** A store that nothing else uses; it may hold other projects' events. */
  readonly create: () => Promise<EventStore>;
  /** Makes what was appended visible to queries, where a store needs that. */
  readonly refresh?: () => Promise<void>;
  /** False for one that answers at once, whatever it is asked: the reference. Default true. */
  readonly isLimited?: boolean;
}

/** The store under test, with the steps that cases share. */
export interface Subject {
  readonly store: EventStore;
  readonly visible: () => Promise<void>;
  /** Appends events that must all be new, and makes them visible. */
  readonly load: (events: readonly StoredEvent[]) => Promise<void>;
  /** The rows of a metric query, sorted by bucket and group. */
  readonly rows: (project: string, input: MetricInput) => Promise<MetricRow[]>;
  /** The value of one measure over the whole project. */
  readonly value: (
    project: string,
    measure: Measure<string>,
    filter?: Filter<string>,
  ) => Promise<MeasureValue | undefined>;
  /** How many events pass a filter. */
  readonly count: (project: string, filter: Filter<string>) => Promise<MeasureValue | undefined>;
}

export function createSubject(store: EventStore, refresh: () => Promise<void>): Subject {
  const rows = async (plan: MetricPlan): Promise<MetricRow[]> => {
    const result = await store.metric(plan);
    return result.rows.toSorted((a, b) => a.bucket - b.bucket || compareGroups(a.group, b.group));
  };
  const value: Subject["value"] = async (project, measure, filter) => {
    const [row] = await rows(metricPlan(project, { measures: [measure], ...(filter && { filter }) }));
    return row?.values[0];
  };
  return {
    store,
    visible: refresh,
    load: async (events) => {
      expect(kinds(await store.append(events))).toEqual(events.map(() => "stored"));
      await refresh();
    },
    rows: (project, input) => rows(metricPlan(project, input)),
    value,
    count: (project, filter) => value(project, { kind: "count" }, filter),
  };
}

export function kinds(outcomes: readonly AppendOutcome[]): string[] {
  return outcomes.map(({ kind }) => kind);
}

function compareGroups(a: readonly Value[], b: readonly Value[]): number {
  return a.map((value, i) => compareValues(value, b[i] ?? null)).find((order) => order !== 0) ?? 0;
}
