import { expect, test } from "vitest";
import { createMint, identityTime, isEventId, mintId, partitionMonth, timePrefix } from "./identity.ts";

const random = (fill: number) => new Uint8Array(10).fill(fill);

test("a minted id is a UUIDv7 without dashes that carries its time", () => {
  const id = mintId(1_773_144_000_123, random(0xff));
  expect(id).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(identityTime(id)).toBe(1_773_144_000_123);
  expect(isEventId(id)).toBe(true);
});

test("what is random in an id stays, but for the version and the variant of a UUIDv7", () => {
  expect(mintId(0, random(0xff))).toBe(`${"0".repeat(12)}7fffbf${"ff".repeat(7)}`);
  expect(mintId(0, random(0))).toBe(`${"0".repeat(12)}700080${"00".repeat(7)}`);
});

test("ids sort by their time, as text", () => {
  const times = [0, 1, 999, 1_000, 2 ** 32, 1_773_144_000_000, 2 ** 48 - 1];
  const ids = times.map((time) => mintId(time, random(0)));
  expect(ids.toSorted()).toEqual(ids);
});

test("ids of one time that are minted together sort as they were minted, wherever their counter begins", () => {
  for (const fill of [0, 0x7f, 0xff]) {
    const mint = createMint(random(fill));
    const ids = Array.from({ length: 5_000 }, () => mint(1_773_144_000_123));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.every(isEventId)).toBe(true);
  }
});

test("times outside of 48 bits are clamped, not wrapped", () => {
  expect(timePrefix(-5)).toBe("000000000000");
  expect(timePrefix(2 ** 53)).toBe("ffffffffffff");
  expect(timePrefix(1.9)).toBe("000000000001");
});

test.each([
  ["019ce1f00000abcdefgh", true],
  ["019ce1f00000.0._-_.x", true],
  ["019ce1f00000abcdefg", false],
  ["019CE1F00000abcdefgh", false],
  ["019ce1f00000abcd efgh", false],
  ["", false],
  [`019ce1f00000${"a".repeat(116)}`, true],
  [`019ce1f00000${"a".repeat(117)}`, false],
])("%s is an event id: %s", (id, expected) => expect(isEventId(id)).toBe(expected));

test("the partition is the UTC month of the identity time, and nothing else", () => {
  expect(partitionMonth(mintId(Date.UTC(2026, 0, 31, 23, 59, 59, 999), random(1)))).toBe("202601");
  expect(partitionMonth(mintId(Date.UTC(2026, 1, 1), random(2)))).toBe("202602");
});
