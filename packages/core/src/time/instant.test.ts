import { expect, test } from "vitest";
import { isoUtc, parseInstant, readIso } from "./instant.ts";

test.each([
  ["2012-08-13T19:00Z", "2012-08-13T19:00:00.000Z"],
  ["2012-08-13", "2012-08-13T00:00:00.000Z"],
  ["2012-08-13 19:00:05", "2012-08-13T19:00:05.000Z"],
  ["2012-08-13T19:00:05.1239999Z", "2012-08-13T19:00:05.123Z"],
  ["2012-08-13T19:00:05,5Z", "2012-08-13T19:00:05.500Z"],
  ["2012-08-13T19:00+02:00", "2012-08-13T17:00:00.000Z"],
  ["2012-08-13T19:00-0530", "2012-08-14T00:30:00.000Z"],
  ["2012-08-13T19:00+02", "2012-08-13T17:00:00.000Z"],
])("%s is %s", (text, expected) => {
  expect(isoUtc(readIso(text)?.ms ?? 0)).toBe(expected);
});

test.each(["", "yesterday", "2012-02-30", "2012-13-01", "2012-08-13T25:00Z", "12-08-13", "2012-08-13T19:00+19:00"])(
  "%j is no time",
  (text) => expect(readIso(text)).toBeUndefined(),
);

test("text without an offset is wall time in the zone; with one the zone has no say", () => {
  const berlin = { kind: "named", name: "Europe/Berlin" } as const;
  expect(isoUtc(readIso("2026-07-01T12:00", berlin)?.ms ?? 0)).toBe("2026-07-01T10:00:00.000Z");
  expect(isoUtc(readIso("2026-07-01T12:00Z", berlin)?.ms ?? 0)).toBe("2026-07-01T12:00:00.000Z");
});

test("a filter's time that is none is an error naming the field", () => {
  expect(() => parseInstant("soon", "keen.timestamp")).toThrow(/keen\.timestamp .*"soon"/);
});
