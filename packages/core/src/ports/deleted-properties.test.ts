import { expect, test } from "vitest";
import { indexDeletedProperties, rawWithout, takeProperty, type PropertyTombstone } from "./deleted-properties.ts";

const NOON = Date.UTC(2026, 2, 10, 12);
const tombstone = (id: string, property: string, more: Partial<PropertyTombstone> = {}): PropertyTombstone => ({
  project: "p",
  collection: "visits",
  property,
  receivedBefore: NOON,
  id,
  createdAt: NOON,
  ...more,
});

test.each<[path: string, left: string | undefined, taken?: string]>([
  ["a", '{"b":{"c":{"d":1,"e":[{"x":1}]},"f":null},"a.":2}', '{"a":1}'],
  ["b.c.d", '{"a":1,"b":{"c":{"e":[{"x":1}]},"f":null},"a.":2}', '{"b":{"c":{"d":1}}}'],
  ["b.c", '{"a":1,"b":{"f":null},"a.":2}', '{"b":{"c":{"d":1,"e":[{"x":1}]}}}'],
  ["b.f", '{"a":1,"b":{"c":{"d":1,"e":[{"x":1}]}},"a.":2}', '{"b":{"f":null}}'],
  ["b", '{"a":1,"a.":2}', '{"b":{"c":{"d":1,"e":[{"x":1}]},"f":null}}'],
  ["b.c.e.x", undefined],
  ["b.c.e.0", undefined],
  ["a.b", undefined],
  ["c", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
  ["", undefined],
])("taking %s leaves the rest in its order", (path, left, taken) => {
  const properties = JSON.parse('{"a":1,"b":{"c":{"d":1,"e":[{"x":1}]},"f":null},"a.":2}');
  const before = JSON.stringify(properties);
  const parted = takeProperty(properties, path);
  expect([parted && JSON.stringify(parted.left), parted && JSON.stringify(parted.taken)]).toEqual([left, taken]);
  expect(JSON.stringify(properties)).toBe(before);
});

test("objects that are left empty go too, as far up as they are", () => {
  expect(takeProperty({ a: { b: { c: 1 } }, d: 2 }, "a.b.c")?.left).toEqual({ d: 2 });
  expect(takeProperty({ a: { b: {} } }, "a.b")?.left).toEqual({});
});

test("a name that is a prototype's is taken as any other, and a kept one is kept", () => {
  const properties = JSON.parse('{"__proto__":{"x":1,"y":2},"z":3}');
  expect(JSON.stringify(takeProperty(properties, "__proto__.x")?.left)).toBe('{"__proto__":{"y":2},"z":3}');
  expect(JSON.stringify(takeProperty(properties, "z")?.left)).toBe('{"__proto__":{"x":1,"y":2}}');
  expect(JSON.stringify(takeProperty(properties, "__proto__")?.left)).toBe('{"z":3}');
});

test("an event loses what was deleted of its collection after it was received, and nothing else", () => {
  const index = indexDeletedProperties([tombstone("1", "a"), tombstone("2", "b.c", { receivedBefore: NOON + 1 })]);
  const properties = { a: 1, b: { c: 2, d: 3 } };
  const left = (collection: string, receivedAt: number) => index.left({ collection, receivedAt }, properties);
  expect(left("visits", NOON - 1)).toEqual({ b: { d: 3 } });
  expect(left("visits", NOON)).toEqual({ a: 1, b: { d: 3 } });
  expect(left("visits", NOON + 1)).toBe(properties);
  expect(left("clicks", NOON - 1)).toBe(properties);
  const without = { z: 1 };
  expect(index.left({ collection: "visits", receivedAt: NOON - 1 }, without)).toBe(without);
});

test("the newest deletion of a path is its own or one of what it lies in", () => {
  const index = indexDeletedProperties([tombstone("2", "a"), tombstone("1", "a.b"), tombstone("3", "b")]);
  const newest = (path: string) => index.newest("visits", path);
  expect([newest("a"), newest("a.b"), newest("a.b.c"), newest("ab"), newest("b")]).toEqual([
    "2",
    "2",
    "2",
    undefined,
    "3",
  ]);
  expect([index.size, index.newest("clicks", "a")]).toEqual([3, undefined]);
});

test("a rejected event's raw form loses it like any other; one that cannot be read has nothing to lose", () => {
  const of = { project: "p", receivedAt: NOON - 1 };
  const raw = JSON.stringify({ collection: "visits", properties: { a: 1, b: 2 } });
  const where = tombstone("1", "a");
  expect(rawWithout(raw, of, where)).toBe('{"collection":"visits","properties":{"b":2}}');
  for (const [text, about] of [
    [raw, { ...of, receivedAt: NOON }],
    [raw, { ...of, project: "q" }],
    ['{"collection":"clicks","properties":{"a":1}}', of],
    ['{"collection":"visits","properties":[1]}', of],
    ['{"collection":"visits"}', of],
    ["null", of],
    [null, of],
  ] as const) {
    expect(rawWithout(text, about, where)).toBeUndefined();
  }
});
