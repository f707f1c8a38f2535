import { expect, test } from "vitest";
import { isoUtc, parseInstant, readIso } from "./instant.ts";
import { UTC } from "./zone.ts";

test.each([
  ["2012-08-13T19:00Z", "2012-08-13T19:00:00.000Z"],
  ["2012-08-13", "2012-08-13T00:00:00.000Z"],
  ["2012-08-13 19:00:05", "2012-08-13T19:00:05.000Z"],
  ["2012-08-13T19:00:05.1239999Z", "2012-08-13T19:00:05.123Z"],
  ["2012-08-13T19:00:05,5Z", "2012-08-13T19:00:05.500Z"],
  ["2012-08-13T19:00+02:00", "2012-08-13T17:00:00.000Z"],
  ["2012-08-13T19:00-0530", "2012-08-14T00:30:00.000Z"],
  ["2012-08-13T19:00+02", "2012-08-13T17:00:00.000Z"],
  ["2012-08-13T19:00:05.123456789Z", "2012-08-13T19:00:05.123Z"],
  ["2012-08-13T19:00z", "2012-08-13T19:00:00.000Z"],
  ["2012-08-13T19:00  +18:00", "2012-08-13T01:00:00.000Z"],
  ["2012-08-13T19:00-18:00", "2012-08-14T13:00:00.000Z"],
  ["2012-08-13T19:00+00:59", "2012-08-13T18:01:00.000Z"],
  ["2012-08-13 Z", "2012-08-13T00:00:00.000Z"],
  [" 2012-08-13\n", "2012-08-13T00:00:00.000Z"],
])("%s is %s", (text, expected) => {
  expect(isoUtc(readIso(text)?.ms ?? 0)).toBe(expected);
});

test.each([
  "",
  "yesterday",
  "2012-02-30",
  "2012-13-01",
  "12-08-13",
  "2012-8-13",
  "2012-08-1",
  "on 2012-08-13",
  "2012-08-13T25:00Z",
  "2012-08-13T24:00Z",
  "2012-08-13T9:00Z",
  "2012-08-13T19:0Z",
  "2012-08-13T19Z",
  "2012-08-13_19:00Z",
  "2012-08-13T19:00:5Z",
  "2012-08-13T19:00:05.Z",
  "2012-08-13T19:00:05;5Z",
  "2012-08-13T19:00:05.1234567890Z",
  "2012-08-13T19:00ZZ",
  "2012-08-13T19:00Z ago",
  "2012-08-13T19:00x",
  "2012-08-13T19:00+2",
  "2012-08-13T19:00+02:3",
  "2012-08-13T19:00 02:00",
  "2012-08-13T19:00+19:00",
  "2012-08-13T19:00+02:60",
])("%j is no time", (text) => expect(readIso(text)).toBeUndefined());

test("text without an offset is wall time in the zone; with one the zone has no say", () => {
  const berlin = { kind: "named", name: "Europe/Berlin" } as const;
  expect(isoUtc(readIso("2026-07-01T12:00", berlin)?.ms ?? 0)).toBe("2026-07-01T10:00:00.000Z");
  expect(isoUtc(readIso("2026-07-01T12:00Z", berlin)?.ms ?? 0)).toBe("2026-07-01T12:00:00.000Z");
});

test.each([
  ["2026-07-01T12:00", undefined],
  ["2026-07-01T12:00Z", UTC],
  ["2026-07-01T12:00+00:00", UTC],
  ["2026-07-01T12:00-00:00", UTC],
  ["2026-07-01T12:00+05:30", { kind: "offset", seconds: 19_800 }],
  ["2026-07-01T12:00-0330", { kind: "offset", seconds: -12_600 }],
])("the offset of %s is told as a zone", (text, offset) => {
  expect(readIso(text)?.offset).toEqual(offset);
});

test("a filter's time that is none is an error naming the field", () => {
  const failing = (text: string) => () => parseInstant(text, "keen.timestamp");
  const message = (quoted: string) => `keen.timestamp is compared with "${quoted}", which is not an ISO 8601 time.`;
  expect(failing("soon")).toThrow(
    expect.objectContaining({ code: "InvalidFilterError", message: message("soon") }) as Error,
  );
  expect(failing("x".repeat(100))).toThrow(message("x".repeat(60)));
});

test("a filter's time without an offset is UTC", () => {
  expect(parseInstant("2026-07-01T12:00", "keen.timestamp")).toBe(Date.UTC(2026, 6, 1, 12));
});
