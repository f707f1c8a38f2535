import { expect, onTestFinished, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { fakeClock, MINUTE, NOON } from "../testing.ts";
import { createCollecting } from "./collecting.ts";

test("the first word of a pause is kept, whoever says it again, until collecting goes on", async () => {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  onTestFinished(() => registry.close());
  const collecting = createCollecting({ registry, clock });
  expect(await collecting.paused()).toBeUndefined();
  expect(await collecting.pause("ada")).toEqual({ at: NOON, by: "ada" });
  clock.advance(MINUTE);
  expect(await collecting.pause("bob")).toEqual({ at: NOON, by: "ada" });
  // What another process says is the same word.
  expect(await createCollecting({ registry, clock }).paused()).toEqual({ at: NOON, by: "ada" });
  await collecting.resume();
  expect(await collecting.paused()).toBeUndefined();
  expect(await collecting.pause("bob")).toEqual({ at: NOON + MINUTE, by: "bob" });
});
