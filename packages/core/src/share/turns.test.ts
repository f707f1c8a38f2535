import { setImmediate as loopTurn } from "node:timers/promises";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { watchHeadroom } from "./headroom.ts";
import { ahead, lineHere, nextTurn, quickly, type Line } from "./turns.ts";

beforeEach(async () => {
  // The clock of patience is moved by hand; turns of the event loop are real.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  onTestFinished(async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
  });
  for (let turn = 0; turn < 3; turn++) await loopTurn();
});

/** Waits for a turn in each of these lines, and tells them in the order in which they have it. */
function waitingIn(lines: readonly Line[]): Line[] {
  const served: Line[] = [];
  for (const line of lines) void nextTurn(line).then(() => served.push(line));
  return served;
}
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await loopTurn();
}

test("who is ahead has the next turn, whoever waited before; of five turns one is for those behind", async () => {
  const served = waitingIn(["behind", "behind", ...Array.from({ length: 6 }, () => "ahead" as const), "awaited"]);
  await turns(20);
  expect(served).toEqual(["awaited", "ahead", "ahead", "ahead", "behind", "ahead", "ahead", "ahead", "behind"]);
});

test("work says where it has its turns, anew each time", () => {
  let isLight = false;
  expect(lineHere()).toBe("behind");
  ahead(
    () => {
      expect(lineHere()).toBe("behind");
      isLight = true;
      expect(lineHere()).toBe("ahead");
    },
    () => isLight,
  );
  expect(ahead(lineHere)).toBe("ahead");
  expect(lineHere()).toBe("behind");
});

test("long works let quick work pass, and go on when it is over", async () => {
  const quick = Promise.withResolvers<void>();
  const done = quickly(() => quick.promise);
  const served = waitingIn(["behind", "ahead"]);
  await turns(20);
  expect(served).toEqual([]);
  quick.resolve();
  await done;
  await turns(4);
  expect(served).toEqual(["ahead", "behind"]);
});

test("beside quick work without end they go on all the same: those ahead after two milliseconds each, those behind after eight", async () => {
  const quick = Promise.withResolvers<void>();
  const again = async () => {
    for (let n = 0; n < 40; n++) await quickly(() => new Promise((resolve) => setTimeout(resolve, 50)));
  };
  const working = Promise.all([again(), quickly(() => quick.promise)]);
  const after = async (line: Line) => {
    const served = waitingIn([line]);
    let ms = 0;
    for (await turns(4); served.length === 0 && ms < 200; ms++) {
      await vi.advanceTimersByTimeAsync(1);
      await turns(4);
    }
    return ms;
  };
  expect([await after("awaited"), await after("ahead"), await after("behind")]).toEqual([2, 2, 8]);
  quick.resolve();
  await vi.advanceTimersByTimeAsync(3_000);
  await working;
});

test("quick work lets no quick work pass, itself first; what takes longer than a tenth of a second is quick no more", async () => {
  const quick = Promise.withResolvers<void>();
  const lines: Line[] = [];
  const done = quickly(async () => {
    lines.push(lineHere());
    await nextTurn(lineHere());
    lines.push(lineHere());
    await quick.promise;
    lines.push(lineHere());
  });
  await turns(3);
  expect(lines).toEqual(["quick", "quick"]);
  await vi.advanceTimersByTimeAsync(100);
  const served = waitingIn(["behind"]);
  await turns(3);
  expect(served).toEqual(["behind"]);
  quick.resolve();
  await done;
  expect(lines[2]).toBe("ahead");
});

test("where the thread is full, those behind have a turn in thirty milliseconds for half a second after somebody was quick, and the others theirs meanwhile", async () => {
  onTestFinished(watchHeadroom(() => 1));
  // Later than whatever the tests before noted by clocks of their own.
  await vi.advanceTimersByTimeAsync(60_000);
  const behind = async () => {
    const served = waitingIn(["behind", "behind", "behind"]);
    await turns(6);
    const atOnce = served.length;
    const ahead = waitingIn(["ahead", "awaited"]);
    await turns(4);
    expect(ahead).toEqual(["awaited", "ahead"]);
    await vi.advanceTimersByTimeAsync(29);
    await turns(6);
    const soon = served.length;
    await vi.advanceTimersByTimeAsync(1);
    await turns(6);
    const later = served.length;
    await vi.advanceTimersByTimeAsync(30);
    await turns(6);
    return [atOnce, soon, later, served.length];
  };
  // Nobody is there who would feel it.
  expect(await behind()).toEqual([3, 3, 3, 3]);
  await quickly(() => Promise.resolve());
  expect(await behind()).toEqual([1, 1, 2, 3]);
  await vi.advanceTimersByTimeAsync(501);
  expect(await behind()).toEqual([3, 3, 3, 3]);
});
