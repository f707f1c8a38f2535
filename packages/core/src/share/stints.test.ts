import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import { atExpenseOf, inOneTurn, inStints, sortInStints, utf8InStints } from "./stints.ts";
import { ahead } from "./turns.ts";

/** Nothing of what was is part of this turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}
beforeEach(settled);

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

test("of many long works one goes on in each turn, in the order they wait, from the first: a turn is as short beside many as beside one", async () => {
  const works = [setUp(3), setUp(3), setUp(3)];
  const all = Promise.all(works.map(({ start }) => start([0, 1])));
  const counts = () => works.map(({ done }) => done.length);
  const seen = [counts()];
  while (counts().some((count) => count < 2)) {
    await nextTurn();
    seen.push(counts());
  }
  await all;
  expect(seen).toEqual([
    [1, 0, 0],
    [2, 0, 0],
    [2, 1, 0],
    [2, 1, 1],
    [2, 2, 1],
    [2, 2, 2],
  ]);
});

test("works that are short each are long together: what begins when the turn is used waits for another", async () => {
  const works = Array.from({ length: 6 }, () => setUp(1));
  const all = (async () => {
    for (const { start } of works) await start([0]);
  })();
  const begun = () => works.filter(({ done }) => done.length > 0).length;
  const seen: number[] = [];
  while (begun() < 6) {
    seen.push(begun());
    await nextTurn();
  }
  await all;
  expect(seen[0]).toBe(1);
  expect(Math.max(...seen.map((count, at) => count - (seen[at - 1] ?? 0)))).toBe(2);
});

test("what others cannot go on without has the next turns, whoever waited before it", async () => {
  const works = [setUp(3), setUp(3), setUp(3, { isAwaited: true })];
  const all = Promise.all(works.map(({ start }) => start([0, 1, 2])));
  const [, , awaited] = works;
  while (awaited?.done.length !== 3) await nextTurn();
  expect(works.map(({ done }) => done.length)).toEqual([1, 0, 3]);
  await all;
});

test("work on few characters is done at once, on many in a turn of its own, and at the project's expense", async () => {
  const done: string[] = [];
  const paid: number[] = [];
  const few = inOneTurn(99_999, () => done.push("few"));
  expect(done).toEqual(["few"]);
  await few;
  await settled();
  const many = atExpenseOf(
    (ms) => paid.push(ms),
    () => inOneTurn(100_000, () => done.push("many")),
  );
  expect(done).toEqual(["few"]);
  await many;
  expect([done, paid.length]).toEqual([["few", "many"], 1]);
  await settled();
  const light = ahead(() => inOneTurn(100_000, () => done.push("ahead")));
  expect(done).toEqual(["few", "many", "ahead"]);
  await light;
  await expect(inOneTurn(1, () => ["its value"])).resolves.toEqual(["its value"]);
});

test("a text becomes the bytes that it is at once, whatever stands where it is divided", async () => {
  const pair = "\u{1f600}";
  for (const text of ["", "short", "x".repeat(99_999) + pair + "y".repeat(150_000), pair.repeat(120_000), "\ud83d"]) {
    expect((await utf8InStints(text)).equals(Buffer.from(text))).toBe(true);
  }
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
