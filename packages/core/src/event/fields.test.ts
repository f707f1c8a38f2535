import { expect, test } from "vitest";
import { isStandardRoot, STANDARD_FIELDS, standardField } from "./fields.ts";

test("each field is found by its name, and has a column of its own", () => {
  for (const field of STANDARD_FIELDS) expect(standardField(field.name)).toBe(field);
  expect(new Set(STANDARD_FIELDS.map(({ column }) => column)).size).toBe(STANDARD_FIELDS.length);
  expect(standardField("$utm.source")).toMatchObject({ column: "utm_source", kind: "string" });
});

test.each(["$utm", "utm.source", "user_id", "toString", ""])("%j is no field", (name) => {
  expect(standardField(name)).toBeUndefined();
});

test.each(["$utm", "$page", "$user", "$bot"])("nothing a sender sends may be called %s: fields begin so", (root) => {
  expect(isStandardRoot(root)).toBe(true);
});

test.each(["keen", "$utm.source", "$unknown", "utm", ""])("%j begins no field of ours", (name) => {
  expect(isStandardRoot(name)).toBe(false);
});

test("every field says what it is, and has names and a kind that queries and stores can use", () => {
  const KINDS = ["string", "number", "boolean", "datetime", "strings"];
  for (const { name, column, kind, doc } of STANDARD_FIELDS) {
    expect(name).toMatch(/^(\$[a-z_]+(\.[a-z_]+)?|keen\.[a-z_]+)$/);
    expect(column).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(KINDS).toContain(kind);
    expect(doc).toMatch(/^.{10,}[.…]$/);
  }
});
