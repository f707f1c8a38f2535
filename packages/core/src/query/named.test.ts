import { expect, test } from "vitest";
import { UTC } from "../time/zone.ts";
import { eventSetsOf } from "./event-sets.ts";
import type { Filter } from "./filter.ts";
import { collectionsNamed, propertiesNamed } from "./named.ts";
import type { EventSet, Query } from "./query.ts";

const eq = (field: string, value: string | boolean): Filter<string> => ({ kind: "eq", field, value });

const OWN = eq("own", "a");
const SET: EventSet = { collections: ["visits"], zone: UTC, filter: OWN, bots: "exclude" };

/** A question of each kind, the number of its sets of events, and the properties it names beside those of its filters. */
const QUERIES: readonly (readonly [Query, sets: number, named: string[]])[] = [
  [
    {
      ...SET,
      kind: "metric",
      single: false,
      measures: [
        { label: "n", measure: { kind: "count" } },
        { label: "s", measure: { kind: "sum", field: "price" }, filter: eq("paid", true) },
      ],
      groupBy: ["city", { kind: "ranges", field: "age", name: "age", ranges: [{ to: 18 }] }],
      orderBy: [],
      zeroFill: true,
    },
    1,
    ["city", "age", "price", "paid"],
  ],
  [{ ...SET, kind: "extraction" }, 1, []],
  [{ ...SET, kind: "extraction", propertyNames: ["x", "y"] }, 1, ["x", "y"]],
  [
    {
      kind: "funnel",
      steps: ["who", "whom"].map((actor) => ({ ...SET, actor, inverted: false, optional: false, withActors: false })),
    },
    2,
    ["who", "whom"],
  ],
  [{ kind: "ordered_funnel", steps: [1, 2, 3].map(() => ({ ...SET, actor: "who" })) }, 3, ["who"]],
  [{ kind: "ordered_funnel", steps: [{ ...SET, actor: "who" }], breakdown: "plan" }, 1, ["who", "plan"]],
  [{ kind: "retention", first: SET, returning: SET, actor: "who", period: "day", unbounded: false }, 2, ["who"]],
  [
    { ...SET, kind: "paths", session: "visit", step: "page", direction: "next", depth: 2, top: 5, collapse: true },
    1,
    ["visit", "page"],
  ],
];
const title = ([query, sets, named]: (typeof QUERIES)[number]) => [query.kind, sets, named, query] as const;

test.each(QUERIES.map(title))("a question's sets of events are all of them: %s, %d", (_kind, sets, _named, query) => {
  expect(eventSetsOf(query).map(({ collections }) => collections)).toEqual(
    Array.from({ length: sets }, () => ["visits"]),
  );
});

test.each(QUERIES.map(title))(
  "every property a question names is known, filters included: %s, %d, %j",
  (_kind, _sets, named, query) => {
    expect([...propertiesNamed(query)].toSorted()).toEqual([...named, "own"].toSorted());
  },
);

const did = (deed: string, filter: Filter<string>): Filter<string> => ({
  kind: "did",
  actor: `${deed}.who`,
  deed: { collections: [deed], filter },
});

test("what a deed looks into is named too, however deep: its collections and its properties", () => {
  const deep: Filter<string> = {
    kind: "all",
    of: [eq("plain", "a"), did("buys", { kind: "not", of: did("views", eq("last", "b")) })],
  };
  const step = { ...SET, actor: "who" };
  const query: Query = {
    kind: "ordered_funnel",
    steps: [
      { ...step, filter: deep },
      { ...step, collections: ["ends"] },
    ],
  };
  expect([...collectionsNamed(query)].toSorted()).toEqual(["buys", "ends", "views", "visits"]);
  expect([...propertiesNamed(query)].toSorted()).toEqual(["buys.who", "last", "own", "plain", "views.who", "who"]);
});

test("a measure's own filter looks into collections as the question's does; no other question has such", () => {
  const measures = [
    { label: "n", measure: { kind: "count" } },
    { label: "b", measure: { kind: "count" }, filter: did("buys", OWN) },
  ] as const;
  const metric = { ...SET, single: false, measures, groupBy: [], orderBy: [], zeroFill: true } as const;
  expect([...collectionsNamed({ ...metric, kind: "metric" })]).toEqual(["visits", "buys"]);
  expect([...collectionsNamed({ ...SET, kind: "extraction" })]).toEqual(["visits"]);
});
