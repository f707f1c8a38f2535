import { expect, test } from "vitest";
import * as z from "zod";
import { COLLECT_ROUTES } from "./collect-routes.ts";

type Name = keyof typeof COLLECT_ROUTES;
interface Said {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, object>>;
  readonly query?: Readonly<Record<string, object>>;
  readonly answers: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, { schema?: object }> }>
  >;
}

const operation = (name: Name): Said => COLLECT_ROUTES[name].operation as Said;
const takes = (schema: object | undefined, value: unknown) => {
  if (schema === undefined) throw new Error("There is no schema.");
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;
};
const answerOf = (name: Name, status: number) => operation(name).answers[status]?.content?.["application/json"]?.schema;
const bodyOf = (name: Name) => operation(name).body;

const DONE = { success: true };
const FAILED = { success: false, error: { name: "InvalidName", description: "is too long" } };
const REFUSED = { index: 0, message: "is too old", error_code: "InvalidTimestamp" };

test.each<[what: string, schema: object | undefined, good: readonly unknown[], bad: readonly unknown[]]>([
  ["one event", bodyOf("one"), [{}, { a: 1, keen: { timestamp: "x" } }], [[], "x", null]],
  ["its answer", answerOf("one", 201), [{ created: true }], [{ created: false }, {}, [], "x"]],
  ["one event by GET", answerOf("byGet", 201), [{ created: true }], [{ created: false }, {}, []]],
  ["a schema by GET", answerOf("byGet", 200), [{}, []], ["x", 1]],
  ["many events", bodyOf("many"), [{ a: [{}, { b: 1 }], c: [] }], [[], { a: {} }, { a: ["x"] }, "x"]],
  [
    "their answer",
    answerOf("many", 200),
    [{ a: [DONE, FAILED] }],
    [{ a: DONE }, { a: [{}] }, { a: [{ success: 1 }] }, { a: [{ success: false, error: "x" }] }, { a: ["x"] }, []],
  ],
  [
    "what the tracker is answered",
    answerOf("tracker", 202),
    [{ refused: [] }, { refused: [REFUSED] }],
    [
      {},
      { refused: {} },
      { refused: [{}] },
      { refused: [{ ...REFUSED, index: 1.5 }] },
      { refused: [{ ...REFUSED, index: undefined }] },
      { refused: [{ ...REFUSED, message: 1 }] },
      { refused: [{ ...REFUSED, message: undefined }] },
      { refused: [{ ...REFUSED, error_code: 1 }] },
      { refused: [{ ...REFUSED, error_code: undefined }] },
      { refused: ["x"] },
      [],
    ],
  ],
  ["what the tracker sends", bodyOf("tracker"), [], [[], "x", {}, { e: {} }]],
  [
    "an idempotency key",
    operation("one").headers?.["Idempotency-Key"],
    ["a", '"018f-7"', "k".repeat(128)],
    ["", '""', "a b", "ä", "k".repeat(129), '"a" b', 5],
  ],
  ["data in a query", operation("byGet").query?.["data"], ["eyJ9"], [5]],
])("the document says what %s is", (_, schema, good, bad) => {
  for (const value of good) expect(takes(schema, value), JSON.stringify(value)).toBe(true);
  for (const value of bad) expect(takes(schema, value), JSON.stringify(value)).toBe(false);
});

test("every route that records, and every answer of it, is told in a sentence; many events have the same key as one", () => {
  const routes = Object.values(COLLECT_ROUTES);
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /3.0/projects/:project/events/:collection",
    "GET /3.0/projects/:project/events/:collection",
    "POST /3.0/projects/:project/events",
    "POST /v1/e",
  ]);
  for (const { summary, class: routeClass, operation: said } of routes) {
    expect(routeClass).toBe("collect");
    expect(summary).toMatch(/^Record .*\.$/);
    for (const { description } of Object.values((said as Said).answers)) expect(description).toMatch(/^[A-Z].{10,}\.$/);
  }
  expect(operation("many").headers).toEqual(operation("one").headers);
  expect(JSON.stringify(operation("one"))).toContain("stored once");
  expect(JSON.stringify(operation("one"))).toContain("The object keen is reserved.");
  // What Zod does not read of a schema without properties.
  expect(JSON.stringify(answerOf("many", 200))).toContain('"required":["name","description"]');
  expect(JSON.stringify(operation("tracker"))).toContain("Place in e, from 0.");
});

test("a script and a picture are answered by GET too, and the address that one is led on to", () => {
  const { answers, query } = operation("byGet");
  expect(Object.keys(answers[200]?.content ?? {}).toSorted()).toEqual([
    "application/javascript",
    "application/json",
    "image/gif",
    "text/javascript",
  ]);
  expect(Object.keys(answers)).toEqual(["200", "201", "302"]);
  expect(Object.keys(query ?? {})).toEqual(["data", "api_key", "jsonp", "redirect"]);
});
