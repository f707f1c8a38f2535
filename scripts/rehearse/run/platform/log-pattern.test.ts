import { expect, test } from "vitest";
import { LOG_FILTER } from "@millrace/ops";
import { logPattern } from "./log-pattern.ts";

const matches = logPattern(LOG_FILTER);

test.each([
  ['{"type":"execution","faas.name":"ingest"}', true],
  ['{"time":"2026-11-29T12:00:00Z","type":"platform.report","record":{}}', true],
  ['{"type":"platform.initReport","record":{}}', true],
  ['{"type":"platform.start"}', false],
  ['{"kind":"execution"}', false],
  ['type = "execution"', false],
  ['{"type":"execution"', false],
])("%s: %s", (line, expected) => expect(matches(line)).toBe(expected));

test("a pattern that is not known here is refused, not taken for one that is", () => {
  expect(() => logPattern('{ $.type = "execution" && $.cold IS TRUE }')).toThrow("no such filter");
  expect(() => logPattern("ERROR")).toThrow("no such filter");
});
