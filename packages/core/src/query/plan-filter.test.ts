import { describe, expect, test } from "vitest";
import { metricPlan } from "../contract/fixtures.ts";
import type { CompareOp, Filter } from "./filter.ts";
import { LIMITS_QUERY } from "./limits.ts";

const planned = (filter: Filter<string>) => metricPlan("p", { filter }).filter;
const error = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;
const TIME = { kind: "standard", name: "keen.timestamp", column: "timestamp", type: "datetime" };
const PRICE = { kind: "property", path: "price", storage: "typed" };
const AT = Date.UTC(2026, 10, 1, 12);
const ISO = "2026-11-01T12:00:00Z";

describe("a text that is compared with a time is that time", () => {
  test("in every comparison, in lists, and as a group's value", () => {
    expect(planned({ kind: "eq", field: "keen.timestamp", value: ISO })).toEqual({
      kind: "eq",
      field: TIME,
      value: AT,
    });
    expect(planned({ kind: "in", field: "keen.timestamp", values: [ISO, AT] })).toEqual({
      kind: "in",
      field: TIME,
      values: [AT, AT],
    });
    for (const op of ["lt", "lte", "gt", "gte"] satisfies CompareOp[]) {
      expect(planned({ kind: "compare", field: "keen.timestamp", op, value: ISO })).toMatchObject({
        field: TIME,
        value: AT,
      });
      expect(planned({ kind: "compare", field: "keen.timestamp", op, value: 5 })).toMatchObject({ value: 5 });
    }
    expect(planned({ kind: "same", field: "keen.timestamp", values: [ISO, 7, null] } as Filter<string>)).toMatchObject({
      field: TIME,
      values: [AT, 7, null],
    });
  });

  test("and a text that is none is refused by the name of the field", () => {
    for (const filter of [
      { kind: "eq", field: "keen.timestamp", value: "soon" },
      { kind: "compare", field: "keen.timestamp", op: "lt", value: "soon" },
    ] satisfies Filter<string>[]) {
      expect(() => planned(filter)).toThrow("keen.timestamp");
    }
  });

  test("but a property's text stays text, also one that reads like a time", () => {
    expect(planned({ kind: "eq", field: "price", value: ISO })).toEqual({ kind: "eq", field: PRICE, value: ISO });
    expect(planned({ kind: "compare", field: "price", op: "lt", value: ISO })).toMatchObject({ value: ISO });
    expect(planned({ kind: "same", field: "price", values: [ISO] } as Filter<string>)).toMatchObject({ values: [ISO] });
  });
});

test("a list of times has a limit of its own, and one of other values has not", () => {
  const times = (count: number) => Array.from({ length: count }, (_, i) => i);
  const most = LIMITS_QUERY.timeListOperand;
  expect(planned({ kind: "in", field: "keen.timestamp", values: times(most) })).toMatchObject({ kind: "in" });
  expect(() => planned({ kind: "in", field: "keen.timestamp", values: times(most + 1) })).toThrow(
    error(
      "InvalidFilterError",
      `in on keen.timestamp has ${most + 1} times; at most ${most} can be asked for. Use gte and lt.`,
    ),
  );
  expect(planned({ kind: "in", field: "price", values: times(most + 1) })).toMatchObject({ kind: "in" });
});

test("a text that is looked for has a limit, to the character", () => {
  // No character twice: a text that repeats itself is refused for another reason.
  const different = (chars: number) => String.fromCharCode(...Array.from({ length: chars }, (_, i) => 0x4e00 + i));
  const most = LIMITS_QUERY.containsChars;
  const contains = (chars: number) => planned({ kind: "contains", field: "price", value: different(chars) });
  expect(contains(most)).toMatchObject({ kind: "contains", field: PRICE });
  expect(() => contains(most + 1)).toThrow(
    error("InvalidFilterError", `contains has a text of ${most + 1} characters; the most is ${most}.`),
  );
  expect(planned({ kind: "contains", field: "price", value: 5 } as unknown as Filter<string>)).toMatchObject({
    value: 5,
  });
});

test("a pattern is read before anybody is asked", () => {
  expect(planned({ kind: "regex", field: "price", pattern: "a+" })).toEqual({
    kind: "regex",
    field: PRICE,
    pattern: "a+",
  });
  expect(() => planned({ kind: "regex", field: "price", pattern: "a(" })).toThrow(error("InvalidFilterError", ""));
});

test("a place is looked for in a property, never in a standard field", () => {
  const within = (field: string) =>
    planned({ kind: "within", field, center: [0, 0], miles: 1 } as unknown as Filter<string>);
  expect(within("place")).toMatchObject({ field: { kind: "property", path: "place" } });
  expect(() => within("$page.path")).toThrow(
    error(
      "InvalidPropertyNameForGeoFilter",
      'within (a geo filter) needs a property that holds [longitude, latitude]; "$page.path" is a string.',
    ),
  );
});

test.each<[field: string, type: string, op: CompareOp]>([
  ["$bot.is", "boolean", "lt"],
  ["$bot.reasons", "strings", "gte"],
])("%s, which is a %s, has no order", (field, type, op) => {
  expect(() => planned({ kind: "compare", field, op, value: 1 })).toThrow(
    error("InvalidFilterError", `${op} cannot be used on ${field}, which is a ${type}.`),
  );
});

test("what has an order is compared: texts, numbers, properties", () => {
  for (const field of ["$page.path", "price"]) {
    expect(planned({ kind: "compare", field, op: "gt", value: "a" })).toMatchObject({ op: "gt", value: "a" });
  }
});

test("what is inside of others is read too, and a deed is looked for in what the question may see", () => {
  const inside: Filter<string> = { kind: "eq", field: "keen.timestamp", value: ISO };
  const read = { kind: "eq", field: TIME, value: AT };
  expect(planned({ kind: "any", of: [inside, { kind: "not", of: { kind: "all", of: [inside] } }] })).toEqual({
    kind: "any",
    of: [read, { kind: "not", of: { kind: "all", of: [read] } }],
  });
  const deed = planned({ kind: "did", actor: "who", deed: { collections: ["buys"], filter: inside } });
  expect(deed).toMatchObject({
    kind: "did",
    actor: { kind: "property", path: "who" },
    deed: { project: "p", collections: ["buys"], filter: read },
  });
  expect(() =>
    planned({ kind: "did", actor: "keen.timestamp", deed: { collections: ["buys"], filter: inside } }),
  ).toThrow("did needs a text, a number or a boolean; keen.timestamp is a time.");
});
