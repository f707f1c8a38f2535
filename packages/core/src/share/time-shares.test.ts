import { expect, test } from "vitest";
import { createTimeShares } from "./time-shares.ts";

/** Shares over a clock that is moved by hand, on a thread that has so much room until that is moved, too. */
function shares(room: number) {
  const at = { now: 0, room };
  const time = createTimeShares(
    () => at.now,
    () => at.room,
  );
  return { at, time };
}

test("where the thread has room, a second is on credit, and half of that is little", () => {
  const { time } = shares(1);
  time.note("other");
  time.note("busy");
  time.charge("busy", 500);
  expect([time.isLight("busy"), time.restMs("busy")]).toEqual([true, 0]);
  time.charge("busy", 500);
  expect([time.isLight("busy"), time.restMs("busy")]).toEqual([false, 0]);
  time.charge("busy", 100);
  expect(time.restMs("busy")).toBe(200);
});

test("where it is full, whoever takes much beside somebody who takes little has a smaller credit, and pays ten times what it uses", () => {
  const { time, at } = shares(0.1);
  time.note("other");
  time.note("busy");
  time.charge("busy", 100);
  expect([time.isLight("busy"), time.restMs("busy")]).toEqual([true, 0]);
  time.charge("busy", 50);
  expect([time.isLight("busy"), time.restMs("busy")]).toEqual([false, 0]);
  time.charge("busy", 10);
  // 50 ms beyond the credit, of which half is paid as time goes by.
  expect(time.restMs("busy")).toBe(100);
  at.now = 100;
  expect(time.restMs("busy")).toBe(0);
  expect([time.isLight("other"), time.restMs("other")]).toEqual([true, 0]);
  // But not so much that it owes more than three seconds for it, unless it used as much.
  time.charge("busy", 1_000);
  expect(time.restMs("busy")).toBe(2 * 2_800);
  time.charge("busy", 500);
  expect(time.restMs("busy")).toBe(2 * 3_300);
});

test("what was used while there was room costs no more when there is none", () => {
  const { time, at } = shares(1);
  for (const each of ["other", "busy"]) time.note(each);
  time.charge("busy", 900);
  at.now = 1_600;
  at.room = 0.1;
  expect([time.restMs("busy"), time.isLight("busy")]).toEqual([0, true]);
});

test("among those who all take much nobody is to be protected, and alone nobody owes anything", () => {
  const { time } = shares(0.1);
  for (const each of ["a", "b"]) {
    time.note(each);
    time.note("c");
    time.charge(each, 900);
  }
  time.charge("c", 900);
  expect(["a", "b", "c"].map((each) => time.restMs(each))).toEqual([0, 0, 0]);
  const alone = shares(0.1).time;
  alone.note("a");
  alone.charge("a", 5_000);
  expect([alone.restMs("a"), alone.isLight("a")]).toEqual([0, true]);
});
