import { expect, test } from "vitest";
import { demandAllowance, refilled } from "./allowance.ts";

const MINUTE = 60_000;

test("a bucket that was never used is full, and a full one gains nothing", () => {
  expect(refilled(undefined, 5, 1_000)).toEqual({ leftMs: 1_000, at: 5 });
  expect(refilled({ leftMs: 1_000, at: 0 }, MINUTE, 1_000)).toEqual({ leftMs: 1_000, at: MINUTE });
});

test.each([
  ["half a minute fills half of it", 100, MINUTE / 2, 600],
  ["a minute fills it, whatever was left", 999, MINUTE, 1_000],
  ["debts are paid first", -1_500, MINUTE, -500],
  ["no time, no gain", 100, 0, 100],
  ["a clock that goes back takes nothing away", 100, -MINUTE, 100],
])("%s", (_, leftMs, now, expected) => {
  expect(refilled({ leftMs, at: 0 }, now, 1_000)).toEqual({ leftMs: expected, at: now });
});

test("what is left may be used, to the last of it", () => {
  expect(() => demandAllowance({ leftMs: 0.1, perMinuteMs: 1_000 })).not.toThrow();
});

test.each([
  [0, 1],
  [-500, 30],
  [-1_001, 61],
])("with %d ms left of a second a minute one waits %d seconds", (leftMs, retryAfterSeconds) => {
  expect(() => demandAllowance({ leftMs, perMinuteMs: 1_000 })).toThrow(
    expect.objectContaining({
      code: "RateLimitExceeded",
      message: expect.stringContaining(
        `used up their 1 seconds of the engine a minute. Ask again in ${retryAfterSeconds} seconds`,
      ) as string,
      retryAfterSeconds,
    }) as Error,
  );
});
