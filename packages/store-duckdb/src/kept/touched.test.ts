import { storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { touchedAll, touchedBy, touches } from "./touched.ts";

const QUARTER = 900_000;
const at = (timestamp: number, visit_start?: number | null, project = "p") =>
  storedEvent({ project, timestamp, context: visit_start === undefined ? {} : { visit_start } });
const range = (start: number, end: number) => ({ start, end });

test("a commit touches the quarters of an hour of its events, by each of the times a question may be about", () => {
  const touched = touchedBy([at(10 * QUARTER + 5, 8 * QUARTER)]);
  const quarters = (time: "timestamp" | "visit_start") =>
    Array.from({ length: 14 }, (_, q) => q).filter((q) =>
      touches(touched, "p", time, range(q * QUARTER, (q + 1) * QUARTER)),
    );
  expect([quarters("timestamp"), quarters("visit_start")]).toEqual([[10], [8]]);
  expect(touches(touched, "p", "timestamp", range(0, 20 * QUARTER))).toBe(true);
  expect(touches(touched, "other", "timestamp", range(0, 20 * QUARTER))).toBe(false);
});

test("an event without a visit touches no time of visits", () => {
  for (const event of [at(QUARTER), at(QUARTER, null)]) {
    expect(touches(touchedBy([event]), "p", "visit_start", range(0, 99 * QUARTER))).toBe(false);
  }
});

test("what is strewn over more than five hundred of them touches all of its project, and nothing of another", () => {
  const strewn = (count: number) => Array.from({ length: count }, (_, q) => at(q * QUARTER));
  const far = range(900 * QUARTER, 901 * QUARTER);
  const isTouched = (count: number, project: string) =>
    touches(touchedBy([...strewn(count), at(0, undefined, "other")]), project, "timestamp", far);
  expect([isTouched(500, "p"), isTouched(501, "p"), isTouched(600, "p"), isTouched(600, "other")]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(touches(touchedAll("p"), "p", "visit_start", far)).toBe(true);
});
