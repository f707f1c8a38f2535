import { expect, test } from "vitest";
import { oldestKept } from "./retention.ts";

test.each([
  ["2026-11-23T21:00:00Z", 4, "2026-07-01T00:00:00Z"],
  ["2026-01-01T00:00:00Z", 1, "2025-12-01T00:00:00Z"],
  ["2026-03-31T23:59:59Z", 1, "2026-02-01T00:00:00Z"],
  ["2026-03-31T23:59:59Z", 13, "2025-02-01T00:00:00Z"],
])("on %s with %i months kept, the oldest event is of %s", (now, months, first) => {
  expect(oldestKept(Date.parse(now), months)).toBe(Date.parse(first));
});
