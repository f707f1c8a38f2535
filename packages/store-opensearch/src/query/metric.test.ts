import { gridOf, MillraceError } from "@millrace/core";
import { metricPlan } from "@millrace/core/contract";
import { expect, test } from "vitest";
import type { SearchAnswer, Searcher } from "../client/search.ts";
import { runMetric } from "./metric.ts";

// The real engine refuses 65,536 buckets, for which there must be as many events with a value of their own.
test("buckets of a number that are more than one answer may have are asked for page by page", async () => {
  const grid = gridOf(10, 0);
  if (!grid) throw new Error("Ten is a size.");
  const plan = metricPlan("p", { groupBy: [{ kind: "buckets", field: "n", name: "n", grid }] });
  const asked: string[] = [];
  const searcher: Searcher = {
    search: async (body): Promise<SearchAnswer> => {
      const text = JSON.stringify(body);
      asked.push(text);
      if (!text.includes('"composite"')) throw new MillraceError("TooManyResultsError", "Too many buckets.");
      const buckets = [
        { key: { g0_0: null }, doc_count: 1 },
        { key: { g0_0: 3 }, doc_count: 2 },
      ];
      return { hits: { hits: [] }, aggregations: { c: { buckets } } };
    },
    release: async () => undefined,
  };
  const { rows } = await runMetric(searcher, plan, { unique: 1_000, values: 1_000 });
  expect(rows.map(({ group, values }) => [group[0], values[0]])).toEqual([
    [null, 1],
    [3, 2],
  ]);
  expect(asked).toHaveLength(2);
});
