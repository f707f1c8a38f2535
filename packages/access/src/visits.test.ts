import { VISIT_TIMEOUT_MS } from "@millrace/core";
import { expect, test } from "vitest";
import { systemRandom } from "./system.ts";
import { breakableRegistry, fakeClock, HOUR, MINUTE, NOON } from "./testing.ts";
import { createVisits } from "./visits.ts";

function setUp() {
  const clock = fakeClock();
  const { registry, state } = breakableRegistry(clock);
  const open = () => createVisits({ registry, clock, random: systemRandom });
  const visits = open();
  const touch = (at: number, ...pageViews: string[]) => visits.touch({ project: "p", visitor: "v", at, pageViews });
  return { clock, state, open, visits, touch };
}

test("page views of a visit are numbered from 1, over several requests", async () => {
  const { touch } = setUp();
  const first = await touch(NOON, "a", "b");
  const second = await touch(NOON + MINUTE, "c");
  expect(first.pages).toEqual([1, 2]);
  expect(second).toEqual({ visit: first.visit, pages: [3] });
});

test("a retried request gets the same visit and the same numbers, also mixed with new page views", async () => {
  const { clock, touch } = setUp();
  const first = await touch(NOON, "a", "b");
  expect(await touch(NOON, "a", "b")).toEqual(first);
  expect(await touch(NOON + MINUTE, "b", "c")).toEqual({ visit: first.visit, pages: [2, 3] });
  // A laptop that was closed overnight sends again what nobody had acknowledged.
  clock.advance(12 * HOUR);
  expect(await touch(NOON, "a", "b")).toEqual(first);
  const next = await touch(NOON + 10 * VISIT_TIMEOUT_MS, "z");
  expect(next.visit).not.toBe(first.visit);
});

test("30 minutes of silence end a visit, not a moment less; events without page views keep it going", async () => {
  const { touch } = setUp();
  const first = await touch(NOON, "a");
  const second = await touch(NOON + VISIT_TIMEOUT_MS);
  expect(second).toEqual({ visit: first.visit, pages: [] });
  const third = await touch(NOON + 2 * VISIT_TIMEOUT_MS, "b");
  expect(third).toEqual({ visit: first.visit, pages: [2] });
  const fourth = await touch(NOON + 3 * VISIT_TIMEOUT_MS + 1, "c");
  expect(fourth.visit).not.toBe(first.visit);
  expect(fourth.pages).toEqual([1]);
});

test("late events of an earlier time do not end the visit that runs now", async () => {
  const { touch } = setUp();
  const running = await touch(NOON, "a");
  const late = await touch(NOON - 5 * VISIT_TIMEOUT_MS, "old");
  expect(late.visit).not.toBe(running.visit);
  expect(late.pages).toEqual([1]);
  expect(await touch(NOON + MINUTE, "b")).toEqual({ visit: running.visit, pages: [2] });
});

test("requests at the same time never get the same page number, in one process or several", async () => {
  const { open } = setUp();
  const touches = [open(), open(), open()].flatMap((visits, who) =>
    Array.from({ length: 10 }, (_, i) =>
      visits.touch({ project: "p", visitor: "v", at: NOON, pageViews: [`e${who}_${i}`] }),
    ),
  );
  const answers = await Promise.all(touches);
  const pages = answers.map((answer) => answer.pages[0] ?? 0).sort((a, b) => a - b);
  expect(pages).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(new Set(answers.map((answer) => answer.visit)).size).toBe(1);
});

test("visitors and projects do not share visits", async () => {
  const { visits } = setUp();
  const touch = (project: string, visitor: string) => visits.touch({ project, visitor, at: NOON, pageViews: ["a"] });
  const ids = [await touch("p", "v"), await touch("p", "w"), await touch("q", "v")].map((answer) => answer.visit);
  expect(new Set(ids).size).toBe(3);
});

test("a request with more page views than are usually remembered is still idempotent", async () => {
  const { touch } = setUp();
  const many = Array.from({ length: 300 }, (_, i) => `e${i}`);
  const first = await touch(NOON, ...many);
  expect(first.pages.at(-1)).toBe(300);
  expect(await touch(NOON, ...many)).toEqual(first);
});

test("with the registry down it throws: the caller decides what becomes of the events", async () => {
  const { state, touch } = setUp();
  state.down = true;
  await expect(touch(NOON, "a")).rejects.toThrow("down");
});
