import { expect, test } from "vitest";
import { indexNames } from "../names.ts";
import { fullestShard, leftoversOf, problemsOf, type IndexState } from "./state.ts";

const names = indexNames("m");
const MARCH = Date.UTC(2026, 2, 10);
const month = (name: string, dropped = false) => ({ month: name, version: 1, dropped });
const table = { months: [month("202603"), month("202604")] };
const expected = { names, table, now: MARCH, shardEvents: 1_000 };

const index = (key: string, aliases: Record<string, boolean>, rest: Partial<IndexState> = {}): IndexState => ({
  index: `m-events-${key}-v0001`,
  open: true,
  events: 0,
  shards: 1,
  aliases: new Map(Object.entries(aliases)),
  ...rest,
});
const whole = (key: string): IndexState => index(key, { [`m-events-${key}`]: true, "m-events": false });
const EXCEPTIONS = index("", { "m-exceptions": false }, { index: "m-exceptions-v0001" });
const WELL = [whole("202603"), whole("202604"), whole("other"), EXCEPTIONS];
/** The well state with another April. */
const april = (...indexes: IndexState[]): IndexState[] => [whole("202603"), ...indexes, whole("other"), EXCEPTIONS];

test("nothing is wrong with a store that is as its table says; a month that retention dropped needs no index", () => {
  expect(problemsOf(WELL, expected)).toEqual([]);
  expect(problemsOf(WELL, { ...expected, table: { months: [month("202602", true), ...table.months] } })).toEqual([]);
  expect(leftoversOf(WELL, expected)).toEqual([]);
});

test.each([
  ["an index that is gone", april(), ["m-events-202604 has no index: nothing can be written to it."]],
  [
    "a lost write alias",
    april(index("202604", { "m-events": false })),
    ["m-events-202604 leads to no index, but there is m-events-202604-v0001."],
  ],
  [
    "a lost read alias, which makes every answer smaller",
    april(index("202604", { "m-events-202604": true })),
    ["m-events-202604-v0001 is not found by queries: m-events does not lead to it."],
  ],
  [
    "an alias that cannot be written through",
    april(index("202604", { "m-events-202604": false, "m-events": false })),
    ["m-events-202604-v0001 cannot be written to through m-events-202604."],
  ],
  ["a closed index", april({ ...whole("202604"), open: false }), ["m-events-202604-v0001 is closed."]],
  [
    "two indexes of one month",
    april(whole("202604"), { ...whole("202604"), index: "m-events-202604-v0002" }),
    ["m-events-202604 leads to several indexes: m-events-202604-v0001, m-events-202604-v0002."],
  ],
  ["lost exceptions", WELL.slice(0, 3), ["m-exceptions has no index: nothing can be written to it."]],
])("%s is seen", (_, state, problems) => {
  expect(problemsOf(state, expected)).toEqual(problems);
});

test("a month that nobody made in time is seen once it has begun, and a store without a table", () => {
  const [problem, ...more] = problemsOf(WELL, { ...expected, now: Date.UTC(2026, 4, 1) });
  expect(problem).toContain("The month 202605 has no index of its own");
  expect(more).toEqual([]);
  expect(problemsOf([], { ...expected, table: { months: [] } })).toEqual([
    "The store is not prepared: it has no table of partitions.",
  ]);
});

test("what a migration left may be deleted; the only index of a month never may, whatever aliases it lost", () => {
  const left = index("202604", {}, { index: "m-events-202604-v0002-abc" });
  expect(leftoversOf(april(whole("202604"), left), expected)).toEqual(["m-events-202604-v0002-abc"]);
  expect(leftoversOf(april(index("202604", {})), expected)).toEqual([]);
});

test("a shard that fills up is seen at 70 % of what it should hold, before it holds too much", () => {
  expect(problemsOf(april({ ...whole("202604"), events: 2_097, shards: 3 }), expected)).toEqual([]);
  expect(problemsOf(april({ ...whole("202604"), events: 2_100, shards: 3 }), expected)).toEqual([
    "m-events-202604-v0001 has 700 events in each shard, of 1000 that it should have at most.",
  ]);
});

test("the fullest shard is told of, whichever index it is in: of many shards each has its part", () => {
  const [april, may] = [whole("202604"), whole("202605")];
  const state = [
    { ...april, index: "wide", events: 2_400, shards: 3 },
    { ...may, index: "narrow", events: 900, shards: 1 },
  ];
  expect(fullestShard(state, 1_000)).toEqual({ index: "narrow", events: 900, share: 0.9 });
  expect(fullestShard(state.slice(0, 1), 1_000)).toEqual({ index: "wide", events: 800, share: 0.8 });
  expect(fullestShard([], 1_000)).toBeUndefined();
});
