import { expect, test } from "vitest";
import type { Json } from "./json.ts";
import { jsonPieces } from "./json-pieces.ts";

const rows = (count: number): Json[] =>
  Array.from({ length: count }, (_, n) => ({ 'a"b': n, list: [n, null], é: "\u2028" }));

const VALUES: [what: string, value: Json][] = [
  ["a number", 4.5],
  ["nothing", null],
  ["an empty list", []],
  ["a row", { result: 4, meta: { notes: [] } }],
  ["rows", { result: rows(250), meta: { exact: true, notes: ["x"] } }],
  ["rows in buckets", { result: rows(3).map((timeframe) => ({ value: rows(101), timeframe })) }],
  ["many buckets", { result: rows(150).map((timeframe) => ({ value: rows(2), timeframe })) }],
  ["answers of a batch", { result: { __proto_: { result: rows(200) }, b: { result: 1 } } }],
  ["a list of long lists", [rows(101), [], rows(102)]],
];

test.each(VALUES)("%s: together they are the same text", (_, value) => {
  expect([...jsonPieces(value)].join("")).toBe(JSON.stringify(value));
});

test("members that are undefined are left out, as always", () => {
  const value = { a: undefined, b: rows(101), c: undefined } as unknown as Json;
  expect([...jsonPieces(value)].join("")).toBe(JSON.stringify(value));
});

test("what has no long list is one piece, and a list is long with its hundred and first element", () => {
  const pieces = (value: Json) => [...jsonPieces(value)].length;
  expect([pieces(rows(100)), pieces({ a: { b: rows(100) } }), pieces(rows(101))]).toEqual([1, 1, 102]);
});

test("no piece holds more than a row, however many there are", () => {
  const pieces = [...jsonPieces({ result: rows(3).map(() => ({ value: rows(5_000) })) })];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100);
});
