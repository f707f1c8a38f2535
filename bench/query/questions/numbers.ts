import {
  askBothTimes,
  EVERYTHING,
  gridOf,
  groupsShown,
  layMetric,
  planComparison,
  planExtraction,
  planMetric,
  restQuery,
  scopeQuery,
  UTC,
  type EventSource,
  type EventStore,
  type Filter,
  type MetricQuery,
  type MetricRow,
} from "@millrace/core";
import { DAY, DAYS, PROJECT, START } from "../events.ts";
import { RANGE } from "./actors.ts";

export const BUCKET = 10;
export const RANGES = [{ to: 1 }, { from: 1, to: 20 }, { from: 20, to: 100 }, { from: 100 }];
export const PLACE = { longitude: 13.4, latitude: 52.5, metres: 1_500_000 };
export const PERCENTILES = [50, 90, 99];
export const TOP = 3;
export const LATEST = 1_000;
/** The second half, which is compared with the first. */
const HALF = { start: START + (DAYS / 2) * DAY, end: RANGE.end };

const context = { now: RANGE.end, properties: { admits: () => true, untyped: () => [] } };
const scope = { project: PROJECT };
const query = (input: Partial<MetricQuery>) =>
  scopeQuery(
    {
      kind: "metric",
      collections: ["pageviews"],
      timeframe: { kind: "absolute", ...RANGE },
      zone: UTC,
      filter: EVERYTHING,
      bots: "include",
      single: true,
      measures: [{ label: "result", measure: { kind: "count" } }],
      groupBy: [],
      orderBy: [],
      zeroFill: true,
      ...input,
    } satisfies MetricQuery,
    scope,
  );
const byDay = { interval: { kind: "calendar", unit: "day" } } as const;
const [grid] = [gridOf(BUCKET, 0)];
if (!grid) throw new Error("A whole number is a size.");
const { metres, ...centre } = PLACE;
const near: Filter<string> = { kind: "within", field: "place", centre, metres };

const buckets = query({ groupBy: [{ kind: "buckets", field: "amount", name: "amount", grid }] });
const ranges = query({ groupBy: [{ kind: "ranges", field: "amount", name: "amount", ranges: RANGES }] });
const within = query({ filter: near });
const percentiles = query({
  measures: [{ label: "result", measure: { kind: "percentiles", field: "amount", percentiles: PERCENTILES } }],
});
const collections = query({ ...byDay, collections: ["pageviews", "clicks"] });
const compared = query({ ...byDay, timeframe: { kind: "absolute", ...HALF }, compareTo: { kind: "previous_period" } });
const top = query({
  measures: [{ label: "result", measure: { kind: "count_unique", field: "$visitor" } }],
  groupBy: ["$geo.country"],
  orderBy: [{ by: "result", direction: "desc" }],
  limit: TOP,
  other: "other",
});
const latest = planExtraction(
  scopeQuery(
    {
      kind: "extraction",
      collections: ["pageviews"],
      timeframe: { kind: "absolute", ...RANGE },
      zone: UTC,
      filter: EVERYTHING,
      bots: "include",
      latest: LATEST,
    },
    scope,
  ),
  context,
);

/** Cells by number: what both ways must come to. Groups of no number count for neither. */
export function cellsOf(cells: readonly (readonly [key: number | null, value: number])[]): string {
  const known = cells.filter(([key]) => key !== null);
  return `${known.length} ${known.reduce((sum, [key, value]) => sum + ((key ?? 0) + 1) * value, 0)}`;
}

const byGroup = (rows: readonly MetricRow[]) =>
  cellsOf(rows.map(({ group, values }) => [group[0] as number | null, values[0] as number]));
const byBucket = (rows: readonly MetricRow[]) =>
  cellsOf(rows.map(({ bucket, values }) => [bucket, values[0] as number]));
const ask = async (store: EventSource, asked: ReturnType<typeof query>) =>
  (await store.metric(planMetric(asked, context))).rows;
/** Several looks see one moment where the store can promise that, as they do in the query API. */
const atOnce = <T>(store: EventStore, work: (source: EventSource) => Promise<T>): Promise<T> =>
  store.snapshot ? store.snapshot(PROJECT, work) : work(store);

/** The kinds of questions about numbers, and the events themselves. */
export const NUMBERS = {
  "count by buckets": async (store: EventStore) => byGroup(await ask(store, buckets)),
  "count by ranges": async (store: EventStore) => byGroup(await ask(store, ranges)),
  "count within a distance": async (store: EventStore) => JSON.stringify((await ask(store, within))[0]?.values[0]),
  "several percentiles": async (store: EventStore) => JSON.stringify((await ask(store, percentiles))[0]?.values[0]),
  "several collections by day": async (store: EventStore) => byBucket(await ask(store, collections)),
  "compared by day": (store: EventStore) =>
    atOnce(store, async (source) => {
      const plan = planMetric(compared, context);
      const comparison = planComparison(compared, plan, context);
      const [now, before] = await askBothTimes(plan, comparison, (each) => source.metric(each));
      return `${byBucket(now.rows)}, ${byBucket(before.rows)}`;
    }),
  "top with others": (store: EventStore) =>
    atOnce(store, async (source) => {
      const plan = planMetric(top, context);
      const laid = await layMetric(top, plan, await source.metric(plan));
      const rest = await source.metric(planMetric(restQuery(top, groupsShown(laid)), context));
      const shown = laid.parts[0]?.cells.map(({ values }) => values[0]) ?? [];
      return JSON.stringify([...shown, rest.rows[0]?.values[0]]);
    }),
  "the latest events": async (store: EventStore) => latestOf((await store.extract(latest)).events),
};

/** Which events they are, and in which order; both ways read one more than is wanted. */
export function latestOf(events: readonly { readonly id: unknown; readonly properties: object }[]): string {
  return `${events.length} ${String(events.at(-1)?.id)} ${JSON.stringify(events[0]?.properties)}`;
}
