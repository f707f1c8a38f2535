import { expect, test } from "vitest";
import { createSqliteRefusals } from "./refusals-sqlite.ts";
import { HOUR, NOON } from "./testing.ts";

test("refusals are summed by project, hour and reason; those of no known project are apart", async () => {
  const refusals = createSqliteRefusals({ path: ":memory:" });
  const count = (
    project: string | undefined,
    reason: "InvalidApiKeyError" | "InvalidEventError",
    events: number,
    at: number,
  ) => refusals.count({ project, reason, events, at });
  count("p", "InvalidApiKeyError", 1, NOON);
  count("p", "InvalidApiKeyError", 4, NOON + HOUR - 1);
  count("p", "InvalidEventError", 1, NOON + HOUR);
  count("q", "InvalidEventError", 9, NOON);
  count(undefined, "InvalidApiKeyError", 1, NOON);
  expect(await refusals.refused("p", NOON, NOON + 2 * HOUR)).toEqual([
    { hour: NOON, reason: "InvalidApiKeyError", count: 5 },
    { hour: NOON + HOUR, reason: "InvalidEventError", count: 1 },
  ]);
  expect(await refusals.refused("p", NOON + HOUR, NOON + HOUR)).toEqual([]);
  expect(await refusals.refused(undefined, NOON, NOON + HOUR)).toHaveLength(1);
  await refusals.close();
});

test("counting never throws, not even after the file is gone", async () => {
  const refusals = createSqliteRefusals({ path: ":memory:" });
  await refusals.close();
  expect(() => refusals.count({ project: "p", reason: "InvalidEventError", events: 1, at: NOON })).not.toThrow();
});
