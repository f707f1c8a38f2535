import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { atExpenseOf, inStints, sortInStints } from "./stints.ts";

/** Items of so many milliseconds each, by a clock that nothing else moves. */
function setUp(msEach: number, { fail = false, isAwaited = false } = {}) {
  let now = 0;
  const done: number[] = [];
  const stints: number[] = [];
  const work = (item: number): void => {
    if (fail) throw new Error("no");
    now += msEach;
    done.push(item);
  };
  const start = (items: readonly number[]) =>
    inStints(items, work, { onStint: (ms) => stints.push(ms), now: () => now, isAwaited });
  return { done, stints, start };
}

test("others have turns between the items of long work, which are done in order, and each stint is told", async () => {
  const { done, stints, start } = setUp(3);
  const seen: number[] = [];
  const work = start([0, 1, 2, 3, 4]);
  while (done.length < 5) {
    seen.push(done.length);
    await nextTurn();
  }
  await work;
  expect(done).toEqual([0, 1, 2, 3, 4]);
  expect([seen, stints]).toEqual([
    [1, 2, 3, 4],
    [3, 3, 3, 3, 3],
  ]);
});

test("of many long works one goes on in each turn, in the order they wait: a turn is as short beside many as beside one", async () => {
  const works = [setUp(3), setUp(3), setUp(3)];
  const all = Promise.all(works.map(({ start }) => start([0, 1, 2])));
  const counts = () => works.map(({ done }) => done.length);
  const seen = [counts()];
  while (counts().some((count) => count < 3)) {
    await nextTurn();
    seen.push(counts());
  }
  await all;
  expect(seen).toEqual([
    [1, 1, 1],
    [2, 1, 1],
    [2, 2, 1],
    [2, 2, 2],
    [3, 2, 2],
    [3, 3, 2],
    [3, 3, 3],
  ]);
});

test("what others cannot go on without has the next turns, whoever waited before it", async () => {
  const works = [setUp(3), setUp(3), setUp(3, { isAwaited: true })];
  const all = Promise.all(works.map(({ start }) => start([0, 1, 2])));
  const [, , awaited] = works;
  for (let turn = 0; turn < 2; turn++) await nextTurn();
  expect([awaited?.done.length, works.map(({ done }) => done.length)]).toEqual([3, [1, 1, 3]]);
  await all;
});

test("short work is one stint", async () => {
  const { done, stints, start } = setUp(0.5);
  const work = start([1, 2, 3]);
  expect(done).toEqual([1, 2, 3]);
  await work;
  expect(stints).toEqual([1.5]);
});

test("the stints of work are told to who pays for it, those within others once, those of other work not", async () => {
  const paid: number[] = [];
  const [own, inner, foreign] = [setUp(3), setUp(5), setUp(7)];
  const elsewhere = foreign.start([0, 1]);
  await atExpenseOf(
    (ms) => paid.push(ms),
    async () => {
      await nextTurn();
      await own.start([0, 1]);
      await inStints([0], () => inner.start([0]));
    },
  );
  await elsewhere;
  expect(paid).toEqual([3, 3, 5]);
});

test("what an item throws ends it", async () => {
  await expect(setUp(1, { fail: true }).start([1])).rejects.toThrow("no");
});

test("many are sorted with turns of others between, few at once", async () => {
  const compare = (a: number, b: number) => {
    // Longer than a stint for every run of a thousand.
    for (const until = performance.now() + 0.001; performance.now() < until;);
    return a - b;
  };
  const turnsOf = async (count: number) => {
    let [turns, isDone] = [0, false];
    const items = Array.from({ length: count }, (_, at) => -at);
    const sorting = sortInStints(items, compare).finally(() => (isDone = true));
    for (; !isDone; turns++) await nextTurn();
    await sorting;
    return turns;
  };
  expect(await turnsOf(1_000)).toBe(1);
  expect(await turnsOf(8_000)).toBeGreaterThan(3);
});

test("sorting in stints gives the order that sorting at once gives, equal ones as they came, whatever their number", async () => {
  for (const count of [0, 1, 999, 1_000, 1_001, 2_000, 17_777]) {
    const items = Array.from({ length: count }, (_, at) => ({ key: (at * 7_919) % 97, at }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    expect(await sortInStints(items, compare)).toEqual(items.toSorted(compare));
  }
});
