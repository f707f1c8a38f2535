import { createSqliteRegistry } from "@millrace/access";
import { createProgress } from "@millrace/collector";
import { expect, test } from "vitest";
import { statsWithAge } from "./ledger.ts";

const NOON = Date.UTC(2026, 10, 1, 12);
const HOUR = 3_600_000;

/** A queue as SQS tells of it: how many, not how old. */
const queue = (visible: number, inFlight: number) => ({
  stats: async () => ({ visible, inFlight, dead: 0, oldestAgeMs: null }),
});

test("a failed message that waits out of sight keeps its hour from being judged, although SQS does not tell its age", async () => {
  const clock = { now: () => NOON };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const progress = createProgress({ registry, clock, instance: "a" });
  progress.left([NOON - HOUR]);
  expect(await statsWithAge(queue(0, 1), registry, NOON)).toMatchObject({ inFlight: 1, oldestAgeMs: HOUR });
});

test("an empty queue has no age; one that waits for collectors of which nobody has heard may be as old as anything in it", async () => {
  const registry = createSqliteRegistry({ path: ":memory:", clock: { now: () => NOON } });
  expect(await statsWithAge(queue(0, 0), registry, NOON)).toMatchObject({ oldestAgeMs: null });
  expect(await statsWithAge(queue(5, 0), registry, NOON)).toMatchObject({ oldestAgeMs: 14 * 24 * HOUR });
});
