import { parseZone, type Filter } from "@millrace/core";
import { extractionPlan, metricPlan } from "@millrace/core/contract";
import { describe, expect, test } from "vitest";
import { cellKeys, compileMetric, extractionRequest, rangeRequest } from "./compile.ts";
import { bucketRuns } from "./compile-bucket.ts";

const PROJECT = { term: { project: "p" } };
const COLLECTION = { terms: { collection: ["visits"] } };

/** What a filter becomes; every query begins with the project and the collections, outside of it. */
function where(filter: Filter<string>): unknown {
  const { query } = compileMetric(metricPlan("p", { filter }));
  const conditions = (query as { bool: { filter: unknown[] } }).bool.filter;
  expect(conditions.slice(0, 2)).toEqual([PROJECT, COLLECTION]);
  expect(conditions).toHaveLength(3);
  return conditions[2];
}

describe("filters", () => {
  test.each<[string, Filter<string>, unknown]>([
    [
      "eq asks the leaf of the operand's type, and array membership",
      { kind: "eq", field: "a", value: "x" },
      {
        bool: {
          should: [{ term: { "p_s.a": "x" } }, { term: { "p_e.a": '"x"' } }],
          minimum_should_match: 1,
        },
      },
    ],
    [
      "eq null: no value of any kind, or a null in an array",
      { kind: "eq", field: "a", value: null },
      {
        bool: {
          should: [
            {
              bool: {
                must_not: {
                  bool: {
                    should: ["p_s.a", "p_n.a", "p_b.a", "p_j.a"].map((field) => ({ exists: { field } })),
                    minimum_should_match: 1,
                  },
                },
              },
            },
            { term: { "p_e.a": "null" } },
          ],
          minimum_should_match: 1,
        },
      },
    ],
    [
      "in is one list per type",
      { kind: "in", field: "$page.path", values: ["/a", 1, "/b"] },
      { terms: { page_path: ["/a", "/b"] } },
    ],
    [
      "not",
      { kind: "not", of: { kind: "exists", field: "$user" } },
      { bool: { must_not: { exists: { field: "user_id" } } } },
    ],
    [
      "a pattern is one of Lucene's, with no operator of its own beyond ours",
      { kind: "regex", field: "$page.path", pattern: "^/a\\d+$" },
      { regexp: { page_path: { value: "(\\/a([0-9])+)", flags: "NONE", max_determinized_states: 100_000 } } },
    ],
    [
      "contains takes wildcards of the text literally",
      { kind: "contains", field: "$page.path", value: "a*b?\\" },
      { wildcard: { page_path: { value: "*a\\*b\\?\\\\*" } } },
    ],
    ["what can never be true", { kind: "eq", field: "$page.path", value: 5 }, { match_none: {} }],
    [
      "a fraction of a millisecond",
      { kind: "compare", field: "keen.timestamp", op: "lt", value: 5.5 },
      { range: { timestamp: { lt: 6 } } },
    ],
  ])("%s", (_, filter, dsl) => {
    expect(where(filter)).toEqual(dsl);
  });

  test("names from a caller only ever become one leaf under a kind", () => {
    const fields = JSON.stringify(where({ kind: "compare", field: "project.*~", op: "lt", value: "x" }));
    expect(fields).toBe('{"range":{"p_s.project~1~2~0":{"lt":"x"}}}');
  });
});

describe("walls", () => {
  test("nothing a caller can say replaces, widens or precedes the project's term", () => {
    const evil = 'p"}},{"match_all":{';
    const filter: Filter<string> = {
      kind: "any",
      of: [
        { kind: "all", of: [] },
        { kind: "eq", field: "project", value: "other" },
        { kind: "not", of: { kind: "eq", field: evil, value: evil } },
      ],
    };
    for (const query of [
      compileMetric(metricPlan("p", { filter, collections: [evil], groupBy: ["project", evil] })).query,
      (extractionRequest(extractionPlan("p", { filter, collections: ["*"] }), 10, undefined) as { query: unknown })
        .query,
    ]) {
      const { bool } = query as { bool: { filter: unknown[] } };
      expect(Object.keys(bool)).toEqual(["filter"]);
      expect(bool.filter[0]).toEqual(PROJECT);
    }
  });

  test("every request of an answer carries the plan's whole condition, the range aggregation's too", () => {
    const metric = compileMetric(metricPlan("p"));
    const request = rangeRequest(metric, [0, 10]) as { query: { bool: { filter: unknown[] } } };
    expect(request.query.bool.filter[0]).toBe(metric.query);
  });
});

describe("measures", () => {
  test("statistics are aggregations in the cell, with the measure's own filter around them", () => {
    const { inline, bucketsPerCell } = compileMetric(
      metricPlan("p", {
        measures: [
          { kind: "count" },
          { kind: "sum", field: "price" },
          {
            label: "dear",
            measure: { kind: "average", field: "price" },
            filter: { kind: "compare", field: "price", op: "gte", value: 5 },
          },
          { kind: "count_unique", field: "$visitor" },
        ],
      }),
    );
    expect(inline).toEqual({
      m1: { sum: { field: "p_n.price" } },
      m2: {
        filter: { range: { "p_n.price": { gte: 5 } } },
        aggs: { v: { avg: { field: "p_n.price" } } },
      },
      m3: {
        filter: { match_all: {} },
        aggs: { u0: { cardinality: { field: "visitor", precision_threshold: 40_000, execution_hint: "ordinals" } } },
      },
    });
    expect(bucketsPerCell).toBe(3);
  });

  test("groups by day in a zone with summer time: runs of one width, which the engine can divide by", () => {
    const plan = metricPlan("p", {
      zone: parseZone("Europe/Berlin"),
      timeframe: { kind: "absolute", start: Date.parse("2026-03-27T23:00Z"), end: Date.parse("2026-03-31T22:00Z") },
      interval: { kind: "calendar", unit: "day" },
      groupBy: ["$geo.country"],
    });
    const metric = compileMetric(plan);
    const runs = bucketRuns(metric.edges ?? []);
    expect(runs.map(({ width, first, count }) => [width / 3_600_000, first, count])).toEqual([
      [24, 0, 2],
      [24, 2, 2],
    ]);
    const keys = cellKeys(metric, runs[0]);
    expect(keys.sources).toEqual([
      { t: { date_histogram: { field: "timestamp", fixed_interval: "86400000ms", offset: "82800000ms" } } },
      { g0_0: { terms: { field: "geo_country", missing_bucket: true, value_type: "string" } } },
    ]);
    expect(keys.bucket({ t: Date.parse("2026-03-28T23:00Z") })).toBe(1);
  });

  test("each range names both of its ends", () => {
    const { aggs } = rangeRequest(compileMetric(metricPlan("p")), [0, 10, 25]) as { aggs: unknown };
    expect(aggs).toEqual({
      b: {
        range: {
          field: "timestamp",
          ranges: [
            { key: "0", from: 0, to: 10 },
            { key: "1", from: 10, to: 25 },
          ],
        },
      },
    });
  });
});

test("an extraction is in a total order and goes on behind its last event", () => {
  expect(extractionRequest(extractionPlan("p", { latest: 3 }), 4, [5, "id"])).toMatchObject({
    size: 4,
    sort: [{ timestamp: { order: "desc" } }, { id: { order: "desc" } }],
    search_after: [5, "id"],
  });
});
