import { describe, expect, test } from "vitest";
import type { JsonObject } from "../values/json.ts";
import { flatten, moveToOverflow, propertyKinds } from "./flatten.ts";

/** Without the empty kinds and null prototypes, to compare. */
function shown(properties: JsonObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flatten(properties))
      .map(([kind, entries]): [string, unknown] => [kind, Array.isArray(entries) ? entries : { ...entries }])
      .filter(([, entries]) => Object.keys(entries as object).length > 0),
  );
}

describe("flatten", () => {
  test("puts each value under its dotted path in the map of its kind", () => {
    expect(shown({ a: "x", b: 1, c: true, d: { e: { f: 2 }, g: "y" } })).toEqual({
      strings: { a: "x", "d.g": "y" },
      numbers: { b: 1, "d.e.f": 2 },
      booleans: { c: true },
    });
  });

  test("null is present, an empty object is not", () => {
    expect(shown({ a: null, b: {}, c: { d: {} } })).toEqual({ json: { a: "null" } });
  });

  test("an array is one value, with its distinct scalars as typed tokens", () => {
    expect(shown({ a: ["x", 5, "5", null, "x", [1], { b: 2 }] })).toEqual({
      json: { a: '["x",5,"5",null,"x",[1],{"b":2}]' },
      elements: { a: ['"x"', "5", '"5"', "null"] },
    });
    expect(shown({ a: [] })).toEqual({ json: { a: "[]" }, elements: { a: [] } });
  });

  test("one name is of one kind per event, whatever it was in others", () => {
    for (const value of ["x", 1, true, null, [1]]) {
      expect([...propertyKinds(flatten({ a: value }))]).toHaveLength(1);
    }
  });

  test("each property is of the kind of its value; a null is a kind of its own, which no type can be taken from", () => {
    expect(propertyKinds(flatten({ s: "x", n: 1, b: true, nothing: null, list: [null], o: { s: "null" } }))).toEqual([
      ["s", "string"],
      ["o.s", "string"],
      ["n", "number"],
      ["b", "boolean"],
      ["nothing", "null"],
      ["list", "json"],
    ]);
  });

  test("hostile names are only names", () => {
    const properties = JSON.parse('{"__proto__":"p","constructor":1,"o":{"__proto__":true}}') as JsonObject;
    expect(Object.keys(flatten(properties).strings)).toEqual(["__proto__"]);
    expect(flatten(properties).numbers["constructor"]).toBe(1);
    expect(Object.keys(flatten(properties).booleans)).toEqual(["o.__proto__"]);
    expect(flatten({}).strings["toString"]).toBeUndefined();
  });
});

describe("beyond the quota", () => {
  test("scalars become equality tokens that keep their type; what is admitted stays", () => {
    const flat = moveToOverflow(flatten({ a: "5", b: 5, c: true, keep: "x" }), (path) => path === "keep");
    expect(flat.overflow.toSorted()).toEqual(['a="5"', "b=5", "c=true"]);
    expect({ ...flat.strings }).toEqual({ keep: "x" });
    expect([...propertyKinds(flat)]).toEqual([["keep", "string"]]);
  });

  test("an array becomes a token of itself and one of each element", () => {
    const flat = moveToOverflow(flatten({ a: ["x", 1], n: null }), () => false);
    expect(flat.overflow.toSorted()).toEqual(['a="x"', "a=1", 'a=["x",1]', "n=null"].toSorted());
    expect(Object.keys(flat.elements)).toEqual([]);
  });
});
