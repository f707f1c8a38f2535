import { createSqliteRegistry } from "@millrace/access";
import { expect, test } from "vitest";
import { createProgress, settledUntil } from "./progress.ts";
import { NOON } from "./testing/events.ts";

const MINUTE = 60_000;

function setUp() {
  let now = NOON;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  return {
    open: (instance: string) => createProgress({ registry, clock, instance }),
    settled: (waiting: number) => settledUntil(registry, now, waiting),
    pass: (ms: number) => void (now += ms),
  };
}

test("an empty queue has nothing on its way; with messages in it and no collector at work nobody knows", async () => {
  const { settled } = setUp();
  expect(await settled(0)).toBe(NOON);
  expect(await settled(1)).toBeUndefined();
});

test("with a backlog, what is older than anything that collectors see is settled", async () => {
  const { open, settled } = setUp();
  open("a").saw([NOON - 5 * MINUTE, NOON - 7 * MINUTE]);
  open("b").saw([NOON - 2 * MINUTE]);
  expect(await settled(1_000)).toBe(NOON - 7 * MINUTE);
});

test("what failed holds its hour open while it is out of sight, and no longer", async () => {
  const { open, settled, pass } = setUp();
  const progress = open("a");
  progress.saw([NOON - 60 * MINUTE]);
  progress.left([NOON - 60 * MINUTE]);
  for (let minute = 0; minute < 6; minute++) {
    pass(MINUTE);
    progress.saw([NOON + minute * MINUTE]);
    expect(await settled(100)).toBe(NOON - 60 * MINUTE);
  }
  pass(MINUTE);
  progress.saw([NOON + 6 * MINUTE]);
  expect(await settled(100)).toBe(NOON + 6 * MINUTE);
});

test("a process that is gone holds nothing open for more than a quarter of an hour", async () => {
  const { open, settled, pass } = setUp();
  open("gone").left([NOON - 60 * MINUTE]);
  pass(15 * MINUTE);
  open("new").saw([NOON + 14 * MINUTE]);
  expect(await settled(5)).toBe(NOON + 14 * MINUTE);
});
