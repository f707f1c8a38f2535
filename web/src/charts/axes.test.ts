import { expect, test } from "vitest";
import { marksTo, valueAxis } from "./axes.ts";

test("marks are numbers that people would choose, and reach what is drawn", () => {
  expect(marksTo(340, "count")).toEqual([0, 100, 200, 300, 400]);
  expect(marksTo(36, "count")).toEqual([0, 10, 20, 30, 40]);
  expect(marksTo(2_200, "count")).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500]);
  expect(marksTo(1_000, "count")).toEqual([0, 200, 400, 600, 800, 1_000]);
  expect(marksTo(7_000_000, "amount")).toEqual([0, 2_000_000, 4_000_000, 6_000_000, 8_000_000]);
});

test("there is no half event, and nothing at all has an axis, too", () => {
  expect(marksTo(2, "count")).toEqual([0, 1, 2]);
  expect(marksTo(0, "count")).toEqual([0, 1]);
  expect(marksTo(0, "percent")).toEqual([0, 0.01]);
});

test("shares and averages have steps of tens, too", () => {
  expect(marksTo(0.75, "percent")).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(marksTo(1, "percent")).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(marksTo(1.55, "decimal")).toEqual([0, 0.5, 1, 1.5, 2]);
});

test("time has the steps of a clock", () => {
  expect(marksTo(50_000, "duration").map((ms) => ms / 1_000)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(marksTo(290_000, "duration").map((ms) => ms / 1_000)).toEqual([0, 60, 120, 180, 240, 300]);
  expect(marksTo(40 * 3_600_000, "duration").map((ms) => ms / 3_600_000)).toEqual([0, 10, 20, 30, 40]);
});

test("sums below zero are left to the chart", () => {
  expect(valueAxis([3, -4, null], "amount")).not.toHaveProperty("domain");
  expect(valueAxis([3, null, 6], "count")).toMatchObject({ ticks: [0, 2, 4, 6], domain: [0, 6] });
});
