import type { MetricPlan } from "@millrace/core";
import { metricPlan } from "@millrace/core/contract";
import type { OpenSearchStore } from "@millrace/store-opensearch";
import { DAY, DAYS, PROJECT, START } from "./events.ts";
import { median, type Call } from "./server.ts";

const RUNS = 15;
const range = { kind: "absolute", start: START, end: START + DAYS * DAY } as const;
const base = { collections: ["pageviews"], timeframe: range };
const where = {
  bool: {
    filter: [
      { term: { project: PROJECT } },
      { terms: { collection: ["pageviews"] } },
      { range: { timestamp: { gte: range.start, lt: range.end } } },
    ],
  },
};
const days = Array.from({ length: DAYS }, (_, i) => ({ from: START + i * DAY, to: START + (i + 1) * DAY }));

/** A question as a plan, and as somebody who knows the index would write it. */
const QUESTIONS: readonly (readonly [name: string, plan: MetricPlan, dsl: object])[] = [
  ["count", metricPlan(PROJECT, base), { track_total_hits: true }],
  [
    "count by day",
    metricPlan(PROJECT, { ...base, interval: { kind: "calendar", unit: "day" } }),
    { aggs: { b: { range: { field: "timestamp", ranges: days } } } },
  ],
  [
    "sum of a property",
    metricPlan(PROJECT, { ...base, measures: [{ kind: "sum", field: "price" }] }),
    { aggs: { s: { sum: { field: "p_n.price" } } } },
  ],
  [
    "count by page",
    metricPlan(PROJECT, { ...base, groupBy: ["$page.path"] }),
    {
      aggs: {
        c: { composite: { size: 5_000, sources: [{ g: { terms: { field: "page_path", missing_bucket: true } } }] } },
      },
    },
  ],
  [
    "count where a property is, by country",
    metricPlan(PROJECT, {
      ...base,
      filter: { kind: "eq", field: "plan", value: "team" },
      groupBy: ["$geo.country"],
    }),
    {
      query: { bool: { filter: [...where.bool.filter, { term: { "p_s.plan": "team" } }] } },
      aggs: {
        c: { composite: { size: 5_000, sources: [{ g: { terms: { field: "geo_country", missing_bucket: true } } }] } },
      },
    },
  ],
  [
    "unique visitors, exact",
    metricPlan(PROJECT, { ...base, measures: [{ kind: "count_unique", field: "$visitor" }] }),
    { aggs: { c: { composite: { size: 65_000, sources: [{ v: { terms: { field: "visitor" } } }] } } } },
  ],
];

/** Rows of the table: each question asked both ways, in turns, with the server's request cache off. */
export async function askBothWays(store: OpenSearchStore, call: Call, alias: string): Promise<object[]> {
  await call("PUT", `/${alias}/_settings`, { "index.requests.cache.enable": false });
  const rows: object[] = [];
  for (const [question, plan, dsl] of QUESTIONS) {
    const ways = {
      ours: () => store.metric(plan),
      bare: () => call("POST", `/${alias}/_search`, { size: 0, track_total_hits: false, query: where, ...dsl }),
    };
    const times: Record<keyof typeof ways, number[]> = { ours: [], bare: [] };
    for (let run = -2; run < RUNS; run++) {
      for (const way of ["ours", "bare"] as const) {
        const start = performance.now();
        await ways[way]();
        if (run >= 0) times[way].push(performance.now() - start);
      }
    }
    rows.push({
      question,
      "ours ms": median(times.ours).toFixed(1),
      "hand-written ms": median(times.bare).toFixed(1),
      ratio: (median(times.ours) / median(times.bare)).toFixed(2),
    });
  }
  return rows;
}
