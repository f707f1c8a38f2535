import { beforeEach, expect, test } from "vitest";
import { createBreakers, type Breakers } from "./breakers.ts";

let now = 0;
let breakers: Breakers;
beforeEach(() => {
  now = 0;
  breakers = createBreakers({ now: () => now });
});

const isOpen = (alias: string) => breakers.open()(alias);

test("a partition that refused everything is left alone for half a minute, or until it takes something", () => {
  breakers.note("a", "all");
  expect([isOpen("a"), isOpen("b")]).toEqual([true, false]);
  now += 29_999;
  expect(isOpen("a")).toBe(true);
  now += 1;
  expect(isOpen("a")).toBe(false);
  breakers.note("a", "all");
  breakers.note("a", "none");
  expect(isOpen("a")).toBe(false);
});

test("one that refused a part goes on being asked without being waited for, also after a batch that was all for that part", () => {
  breakers.note("a", "all");
  breakers.note("a", "some");
  expect([isOpen("a"), breakers.isPartial("a"), breakers.isPartial("b")]).toEqual([false, true, false]);
  now += 20_000;
  breakers.note("a", "all");
  breakers.note("a", "none");
  now += 20_000;
  expect([isOpen("a"), breakers.isPartial("a")]).toEqual([false, true]);
  now += 10_000;
  expect(breakers.isPartial("a")).toBe(false);
});
