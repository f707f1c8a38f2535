import { STANDARD_FIELDS } from "@millrace/core";
import { expect, test } from "vitest";
import {
  child,
  CONTEXT_FIELDS,
  CONTEXT_KINDS,
  EVENT_MAPPING,
  EXCEPTION_MAPPING,
  leafCount,
  leafMapping,
  MAPPING_VERSION,
  type LeafKind,
} from "./schema.ts";

test("a new index is made with the mapping that was reviewed: what it lacks can be added later, what it has cannot be changed", async () => {
  const made = { MAPPING_VERSION, EVENT_MAPPING, EXCEPTION_MAPPING };
  await expect(`${JSON.stringify(made, null, 1)}\n`).toMatchFileSnapshot("mapping.snap");
});

test("an event may lack every standard field but what it is stored with", () => {
  const lacking = CONTEXT_FIELDS.map(({ column }) => column);
  const all = STANDARD_FIELDS.map(({ column }) => column);
  expect(all.filter((column) => !lacking.includes(column)).toSorted()).toEqual([
    "collection",
    "id",
    "received_at",
    "timestamp",
  ]);
  expect([...CONTEXT_KINDS.keys()]).toEqual(lacking);
  expect(CONTEXT_KINDS.get("visitor")).toBe("string");
});

test("properties are added under the object of their kind, each as what it is", () => {
  const kinds: LeafKind[] = ["string", "number", "boolean", "json", "elements"];
  const fields = [...kinds.map((kind) => ({ kind, path: "price" })), { kind: "string", path: "__proto__" } as const];
  const mapping = leafMapping(fields) as { properties: Record<string, { properties: Record<string, object> }> };
  const types = Object.entries(mapping.properties).map(([name, { properties }]) => [name, Object.values(properties)]);
  expect(types).toEqual([
    ["p_s", [{ type: "keyword" }, { type: "keyword" }]],
    ["p_n", [{ type: "double" }]],
    ["p_b", [{ type: "boolean" }]],
    ["p_j", [{ type: "keyword" }]],
    ["p_e", [{ type: "keyword", doc_values: false }]],
  ]);
  expect(leafMapping([])).toEqual({ properties: {} });
});

test("leaves are counted over the kinds, and what is no mapping has none", () => {
  const mapping = {
    p_s: { properties: { a: {}, b: {} } },
    p_n: { properties: { a: {} } },
    other: { properties: { x: {} } },
  };
  expect(leafCount({ events: { mappings: { properties: mapping } } })).toBe(3);
  for (const none of [undefined, null, 5, {}, { events: {} }, { events: { mappings: 5 } }])
    expect(leafCount(none)).toBe(0);
  expect(child({ a: { b: 1 } }, "a")).toEqual({ b: 1 });
  for (const none of [undefined, { a: 5 }, { a: null }, []]) expect(child(none, "a")).toEqual({});
  expect(child({}, "toString")).toEqual({});
});
