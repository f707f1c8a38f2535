import { UNGROUPED } from "@millrace/core";
import { expect, test } from "vitest";
import { indexNames } from "./names.ts";

const names = indexNames("millrace");

test("everything of a store begins with its prefix", () => {
  expect({
    ...names,
    group: [names.group("g1"), names.group(UNGROUPED)],
    partition: names.partition("g0-202611"),
    index: [names.index("g0-202611", 1), names.index("g0-other", 12_345)],
    aliasOf: [names.aliasOf("millrace-events-g0-202611-v0001"), names.aliasOf("millrace-events-g0-other-v12345")],
    exceptionsOf: names.exceptionsOf("202611"),
    exceptionsIndex: names.exceptionsIndex("millrace-exceptions-202611", 2),
  }).toEqual({
    events: "millrace-events",
    group: ["millrace-group-g1", "millrace-group-none"],
    partition: "millrace-events-g0-202611",
    index: ["millrace-events-g0-202611-v0001", "millrace-events-g0-other-v12345"],
    aliasOf: ["millrace-events-g0-202611", "millrace-events-g0-other"],
    exceptions: "millrace-exceptions",
    exceptionsOf: "millrace-exceptions-202611",
    exceptionsIndex: "millrace-exceptions-202611-v0002",
    template: "millrace-events",
    exceptionsTemplate: "millrace-exceptions",
    eventsPattern: "millrace-events-*-v*",
    exceptionsPattern: "millrace-exceptions-*",
  });
});

test("an alias is what is before the version at the end, and a name without one is its own", () => {
  expect(names.aliasOf("a-v0001-v0002")).toBe("a-v0001");
  for (const name of ["a-v001", "a-v0001x", "a"]) expect(names.aliasOf(name)).toBe(name);
});

test.each(["", "1a", "-a", "A", "a_b", "a.b", "a*", "a\n", ` a`, `a${"b".repeat(61)}`])(
  "%j begins no name",
  (prefix) => {
    expect(() => indexNames(prefix)).toThrow(
      `"${prefix}" cannot begin an index name: a letter, then lower-case letters, digits and dashes.`,
    );
  },
);

test.each(["a", "a1-b", `a${"b".repeat(60)}`])("%j does", (prefix) => {
  expect(indexNames(prefix).events).toBe(`${prefix}-events`);
});
