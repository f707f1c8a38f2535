import { expect, test } from "vitest";
import { fakeClock, MINUTE } from "../testing.ts";
import { createMemoryShares } from "./memory-shares.ts";

test("a project pays what its questions took, is refused when all is used up, and has it back with the time", async () => {
  const clock = fakeClock();
  const shares = createMemoryShares({ clock, perMinuteMs: 6_000 });
  const first = await shares.enter("p");
  expect(first?.budget).toEqual({ perMinuteMs: 6_000, leftMs: 6_000 });
  expect(await first?.leave(2_000)).toEqual({ perMinuteMs: 6_000, leftMs: 4_000 });
  expect((await shares.enter("q"))?.budget.leftMs).toBe(6_000);
  const second = await shares.enter("p");
  expect(await second?.leave(10_000)).toEqual({ perMinuteMs: 6_000, leftMs: -6_000 });
  await expect(shares.enter("p")).rejects.toMatchObject({ code: "RateLimitExceeded" });
  clock.advance(MINUTE);
  await expect(shares.enter("p")).rejects.toMatchObject({ code: "RateLimitExceeded" });
  clock.advance(MINUTE / 2);
  expect((await shares.enter("p"))?.budget.leftMs).toBe(3_000);
  clock.advance(10 * MINUTE);
  expect((await shares.enter("p"))?.budget.leftMs).toBe(6_000);
});

test("a project with a share of its own has that, and the others have what all have", async () => {
  const shares = createMemoryShares({ clock: fakeClock() });
  expect((await shares.enter("p", 1_000))?.budget).toEqual({ perMinuteMs: 1_000, leftMs: 1_000 });
  expect((await shares.enter("p"))?.budget.perMinuteMs).toBe(120_000);
});
