import { expect, test } from "vitest";
import { createLane } from "./lane.ts";

/** A lane whose commits wait until they are let go, so that a test decides what is waiting. */
function controlled(maxSize = 10, pieceSize = maxSize) {
  const commits: number[][] = [];
  const gates: (() => void)[] = [];
  const lane = createLane<number, number>(
    async (calls) => {
      commits.push([...calls]);
      await new Promise<void>((resolve) => gates.push(resolve));
      if (calls.includes(13)) throw new Error("unlucky");
      return calls.map((call) => call * 2);
    },
    { sizeOf: () => 1, maxSize, isMass: (call) => call >= 100, pieceSize },
  );
  const letGo = async () => {
    while (gates.length === 0) await Promise.resolve();
    gates.shift()?.();
  };
  return { lane, commits, letGo };
}

async function started(commits: readonly unknown[], count: number): Promise<void> {
  while (commits.length < count) await Promise.resolve();
}

test("calls that wait for a commit share the next one, each with its own answer", async () => {
  const { lane, commits, letGo } = controlled();
  const first = lane.submit(1);
  await started(commits, 1);
  const rest = [2, 3, 4].map((call) => lane.submit(call));
  await letGo();
  expect(await first).toBe(2);
  await letGo();
  expect(await Promise.all(rest)).toEqual([4, 6, 8]);
  expect(commits).toEqual([[1], [2, 3, 4]]);
});

test("a group never grows beyond its size", async () => {
  const { lane, commits, letGo } = controlled(2);
  const all = [1, 2, 3].map((call) => lane.submit(call));
  await letGo();
  await letGo();
  await Promise.all(all);
  expect(commits).toEqual([[1, 2], [3]]);
});

test("few do not wait for a mass, nor a mass for ever: beside few it is committed in pieces, alone in larger and larger ones", async () => {
  const { lane, commits, letGo } = controlled(10, 2);
  const calls = Array.from({ length: 20 }, (_, at) => lane.submit(100 + at));
  const next = async () => {
    const count = commits.length;
    await letGo();
    await started(commits, count + 1);
    return commits.at(-1);
  };
  await started(commits, 1);
  calls.push(lane.submit(1), lane.submit(2));
  expect(await next()).toEqual([1, 2]);
  expect(await next()).toEqual([102, 103]);
  calls.push(lane.submit(3));
  expect(await next()).toEqual([3]);
  // Its turn has passed over once, not twice.
  calls.push(lane.submit(4));
  expect(await next()).toEqual([104, 105]);
  expect(await next()).toEqual([4]);
  expect(await next()).toEqual([106, 107]);
  expect(await next()).toEqual([108, 109, 110, 111]);
  expect(await next()).toEqual([112, 113, 114, 115, 116, 117, 118, 119]);
  await letGo();
  await Promise.all(calls);
});

test("a failed commit fails its own calls and not the next ones", async () => {
  const { lane, commits, letGo } = controlled();
  const bad = lane.submit(13);
  await started(commits, 1);
  const good = lane.submit(1);
  await letGo();
  await expect(bad).rejects.toThrow("unlucky");
  await letGo();
  expect(await good).toBe(2);
});

test("work that runs alone comes after what was submitted before it and before what comes later", async () => {
  const { lane, commits, letGo } = controlled();
  const order: string[] = [];
  const before = lane.submit(1).then(() => order.push("before"));
  const alone = lane.alone(async () => {
    order.push("alone");
  });
  const after = lane.submit(2).then(() => order.push("after"));
  await letGo();
  await letGo();
  await Promise.all([before, alone, after]);
  expect(order).toEqual(["before", "alone", "after"]);
  expect(commits).toEqual([[1], [2]]);
});
