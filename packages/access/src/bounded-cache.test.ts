import { expect, test } from "vitest";
import { createBoundedCache, type BoundedCache } from "./bounded-cache.ts";

interface Value {
  readonly bytes: number;
}

const opened = (maxBytes: number) => createBoundedCache<Value>({ maxBytes, bytesOf: ({ bytes }) => bytes });
const small = { bytes: 10 };

/** Everybody's turn, `rounds` times: the share of the turns that found what was kept. */
function inTurn(cache: BoundedCache<Value>, keys: readonly string[], rounds: number): number {
  let found = 0;
  for (let round = 0; round < rounds; round++)
    for (const key of keys) {
      if (cache.get(key)) found++;
      else cache.set(key, small);
    }
  return found / (rounds * keys.length);
}

const named = (count: number, prefix = "t") => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

test.each([
  { tenants: 100, least: 0.99 },
  { tenants: 101, least: 0.9 },
  { tenants: 125, least: 0.7 },
  { tenants: 200, least: 0.4 },
])("of room for 100, $tenants tenants in turn find theirs at least $least of the times", ({ tenants, least }) => {
  const cache = opened(1_000);
  inTurn(cache, named(tenants), 20);
  expect(inTurn(cache, named(tenants), 100)).toBeGreaterThan(least);
});

test("who is new in a full cache is kept after some turns, in the place of who does not come any more", () => {
  const cache = opened(1_000);
  inTurn(cache, named(100, "old"), 2);
  inTurn(cache, named(100, "new"), 100);
  expect(inTurn(cache, named(100, "new"), 1)).toBe(1);
});

test("never more is kept than there is room for", () => {
  const cache = opened(1_000);
  const keys = named(500);
  for (let round = 0; round < 40; round++) for (const key of keys) cache.set(key, { bytes: 7 + (round % 5) });
  const kept = keys.reduce((sum, key) => sum + (cache.get(key)?.bytes ?? 0), 0);
  expect(kept).toBeGreaterThan(900);
  expect(kept).toBeLessThanOrEqual(1_000);
});

test("what grew is weighed again, and what is larger than all of the room is not kept", () => {
  const cache = opened(1_000);
  for (const key of named(10)) cache.set(key, small);
  cache.set("t9", { bytes: 995 });
  expect(named(10).filter((key) => cache.get(key))).toEqual(["t9"]);
  cache.set("t9", { bytes: 1_001 });
  expect(cache.get("t9")).toBeUndefined();
});

test("what is taken out makes room at once", () => {
  const cache = opened(20);
  cache.set("a", small);
  cache.set("b", small);
  cache.delete("a");
  cache.set("c", small);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([undefined, small, small]);
  cache.clear();
  expect(cache.get("c")).toBeUndefined();
});
