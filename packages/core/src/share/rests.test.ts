import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createRests } from "./rests.ts";
import { createTimeShares } from "./time-shares.ts";

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

/** Rests over a clock that is moved by hand, with somebody else there. */
async function beside(options: Parameters<typeof createRests>[1] = {}) {
  const rests = createRests(
    createTimeShares(() => Date.now()),
    options,
  );
  await rests.turn("other");
  const done: string[] = [];
  const take = async (name: string, ms: number, sharer = "busy") => {
    const end = await rests.turn(sharer);
    rests.charge(sharer, ms);
    done.push(name);
    end();
  };
  return { rests, done, take };
}

test("who owes nothing never waits, and who is alone owes nothing", async () => {
  const rests = createRests(createTimeShares(() => Date.now()));
  for (let n = 0; n < 10; n++) {
    const end = await rests.turn("alone");
    rests.charge("alone", 60_000);
    end();
  }
  await rests.turn("other");
});

test("beside another, who used more than its half rests until the rest has gone by; the other goes on", async () => {
  const { done, take } = await beside();
  await take("first", 3_000);
  const second = take("second", 0);
  await vi.advanceTimersByTimeAsync(3_900);
  await take("theirs", 0, "other");
  expect(done).toEqual(["first", "theirs"]);
  await vi.advanceTimersByTimeAsync(100);
  await second;
  expect(done).toEqual(["first", "theirs", "second"]);
});

test("those who rest go on one after the other, each when what the one before it used is paid", async () => {
  const { done, take } = await beside();
  await take("first", 2_000);
  const more = ["second", "third", "fourth"].map((name) => take(name, 500));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(done).toEqual(["first"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toEqual(["first", "second"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done).toEqual(["first", "second", "third"]);
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(more);
});

test("who has paid is as free as before: its turns need not wait for each other", async () => {
  const { rests, take } = await beside();
  await take("first", 2_000);
  const second = take("second", 0);
  await vi.advanceTimersByTimeAsync(2_000);
  await second;
  // Neither of them is over.
  await rests.turn("busy");
  await rests.turn("busy");
});

test("nobody waits behind a turn that is not over without an end: it is told when to come again, as is who comes to a full line", async () => {
  const { rests, take } = await beside({ most: 2 });
  await take("first", 1_002);
  const slow = rests.turn("busy");
  await vi.advanceTimersByTimeAsync(4);
  const end = await slow;
  rests.charge("busy", 11_000);
  const late = Promise.all([1, 2].map(() => expect(rests.turn("busy")).rejects.toMatchObject({ status: 429 })));
  await expect(rests.turn("busy")).rejects.toMatchObject({
    code: "RateLimitExceeded",
    retryAfterSeconds: 10,
    message: expect.stringContaining("more than its part of the machine") as string,
  });
  await vi.advanceTimersByTimeAsync(8_000);
  await late;
  end();
  // Nobody is in line any more; what it owes it owes still.
  await expect(
    Promise.race([rests.turn("busy"), vi.advanceTimersByTimeAsync(1_000).then(() => "rests")]),
  ).resolves.toBe("rests");
});

test("whoever owes less than half of its credit is light: its work may go before that of others", async () => {
  const { rests } = await beside();
  await rests.turn("busy");
  expect(rests.isLight("busy")).toBe(true);
  rests.charge("busy", 501);
  expect([rests.isLight("busy"), rests.isLight("other")]).toEqual([false, true]);
  await vi.advanceTimersByTimeAsync(2);
  expect(rests.isLight("busy")).toBe(true);
});
