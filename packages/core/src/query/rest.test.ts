import { expect, test } from "vitest";
import { metricQuery } from "../contract/fixtures.ts";
import { EVERYTHING, type Filter } from "./filter.ts";
import { FARTHEST_BUCKET, gridOf, type Bins, type Grid } from "./group.ts";
import type { Measure } from "./query.ts";
import { isAdditive, restQuery, valueOfAll } from "./rest.ts";
import { scopeQuery } from "./scope.ts";

const count: Measure<string> = { kind: "count" };
const of = (kind: "sum" | "minimum" | "maximum" | "average" | "count_unique"): Measure<string> => ({
  kind,
  field: "x",
});
const labelled = (...measures: readonly Measure<string>[]) => ({
  measures: measures.map((measure) => ({ label: measure.kind, measure })),
});

test("counts, sums, minima and maxima of groups tell those of all; one other measure is enough to have to ask again", () => {
  expect(isAdditive(labelled(count, of("sum"), of("minimum"), of("maximum")))).toBe(true);
  for (const kind of ["average", "count_unique"] as const) expect(isAdditive(labelled(count, of(kind)))).toBe(false);
});

test("the value of all groups: null is a group without a number, and of nothing it is the empty value", () => {
  expect(valueOfAll(count, [1, 2, 3])).toBe(6);
  expect(valueOfAll(of("sum"), [1, null, 2.5])).toBe(3.5);
  expect(valueOfAll(of("minimum"), [3, null, -1, 2])).toBe(-1);
  expect(valueOfAll(of("maximum"), [-3, null, -1, -2])).toBe(-1);
  expect([count, of("sum"), of("minimum")].map((measure) => valueOfAll(measure, []))).toEqual([0, 0, null]);
  expect(valueOfAll(of("maximum"), [null])).toBe(null);
});

test("a sum loses nothing small beside something large, in whatever order they come", () => {
  for (const values of [
    [1e16, 1, 1, -1e16],
    [1, 1e16, 1, -1e16],
    [1, 1, 1e16, -1e16],
    [-1e16, 1, 1e16, 1],
  ]) {
    expect(valueOfAll(of("sum"), values)).toBe(2);
  }
  expect(
    valueOfAll(
      of("sum"),
      Array.from({ length: 10 }, () => 0.1),
    ),
  ).toBe(1);
});

const bucketed: Bins<string> = { kind: "buckets", field: "price", name: "b", grid: gridOf(10, 5) as Grid };
const ranged: Bins<string> = { kind: "ranges", field: "age", name: "r", ranges: [{ to: 18 }, { from: 18, to: 65 }] };
const rest =
  (...args: Parameters<typeof metricQuery> | []) =>
  (shown: Parameters<typeof restQuery>[1]) =>
    restQuery(scopeQuery(metricQuery(args[0]), { project: "p" }), shown);
const shownOf = ({ filter }: { filter: Filter<string> }) => (filter as { of: Filter<string> }).of;
const from = (field: string, value: number) => ({ kind: "compare", field, op: "gte", value });
const below = (field: string, value: number) => ({ kind: "compare", field, op: "lt", value });

test("the question about the rest is the same one, as one cell, of what is in none of the groups shown", () => {
  const query = rest({
    groupBy: ["page"],
    orderBy: [{ by: "page", direction: "asc" }],
    limit: 2,
    other: "rest",
    interval: { kind: "calendar", unit: "day" },
    filter: { kind: "exists", field: "y" },
  } as never)([["a"], [null]]);
  expect(query).toMatchObject({
    project: "p",
    collections: ["visits"],
    groupBy: [],
    orderBy: [],
    filter: {
      kind: "all",
      of: [
        { kind: "exists", field: "y" },
        { kind: "not", of: { kind: "same", field: "page", values: ["a", null] } },
      ],
    },
  });
  for (const gone of ["limit", "other", "compareTo", "interval"]) expect(query).not.toHaveProperty(gone);
});

test("groups of several keys are combinations, each of one value a key", () => {
  const query = rest({ groupBy: ["page", "country"] })([
    ["a", "DE"],
    ["b", null],
  ]);
  const same = (field: string, value: string | null) => ({ kind: "same", field, values: [value] });
  expect(shownOf(query)).toEqual({
    kind: "any",
    of: [
      { kind: "all", of: [same("page", "a"), same("country", "DE")] },
      { kind: "all", of: [same("page", "b"), same("country", null)] },
    ],
  });
});

test("a bucket is a number between its edges, a range one between its limits, as far as it has some", () => {
  expect(shownOf(rest({ groupBy: [bucketed] })([[2]]))).toEqual({
    kind: "any",
    of: [{ kind: "all", of: [from("price", 25), below("price", 35)] }],
  });
  expect(shownOf(rest({ groupBy: [ranged] })([[0], [1]]))).toEqual({
    kind: "any",
    of: [
      { kind: "all", of: [from("age", -Number.MAX_VALUE), below("age", 18)] },
      { kind: "all", of: [from("age", 18), below("age", 65)] },
    ],
  });
  const open: Bins<string> = { ...ranged, ranges: [{ from: 1 }] };
  expect(shownOf(rest({ groupBy: [open] })([[0]]))).toEqual({ kind: "any", of: [from("age", 1)] });
});

test("the group of what is in no bin is whatever lies in none of them", () => {
  const edge = 10 * FARTHEST_BUCKET;
  expect(shownOf(rest({ groupBy: [bucketed] })([[null]]))).toEqual({
    kind: "any",
    of: [
      {
        kind: "not",
        of: { kind: "any", of: [{ kind: "all", of: [from("price", 5 - edge), below("price", 15 + edge)] }] },
      },
    ],
  });
  expect(shownOf(rest({ groupBy: [ranged] })([[null]]))).toMatchObject({
    of: [{ kind: "not", of: { kind: "any", of: [{ kind: "all" }, { kind: "all" }] } }],
  });
});

test("without groups shown nothing is left out", () => {
  expect(rest({ groupBy: ["page"], filter: EVERYTHING })([]).filter).toEqual({
    kind: "not",
    of: { kind: "same", field: "page", values: [] },
  });
});
