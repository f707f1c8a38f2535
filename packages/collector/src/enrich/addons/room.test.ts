import { LIMITS, type JsonObject } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { createRoom } from "./room.ts";

const text = (length: number) => "x".repeat(length);
const names = (count: number): JsonObject => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, i]));

describe("what may be read", () => {
  test("is so many characters of text in all, the last of them too; numbers and lists are none", () => {
    const room = createRoom({});
    expect(room.toRead({ a: text(LIMITS.addonChars - 10), b: 5, c: [1, 2], d: null })).toBe(true);
    expect(room.toRead({ a: text(4), b: text(6) })).toBe(true);
    expect(room.wasMissing()).toBe(false);
    expect(room.toRead({ a: "x" })).toBe(false);
    expect(room.wasMissing()).toBe(true);
  });

  test("what was not read stays said", () => {
    const room = createRoom({});
    expect(room.toRead({ a: text(LIMITS.addonChars + 1) })).toBe(false);
    expect(room.toWrite("out", { a: 1 })).toEqual({ a: 1 });
    expect(room.wasMissing()).toBe(true);
  });
});

describe("what may be written", () => {
  test("is as many properties as the event has room for, those inside of objects counted", () => {
    const room = createRoom({ ...names(LIMITS.propertiesPerEvent - 5), deep: { a: 1, b: { c: 2 } } });
    expect(room.toWrite("out", { a: 1, b: { c: 2 } })).toEqual({ a: 1, b: { c: 2 } });
    expect(room.toWrite("out", { d: 1 })).toEqual({ d: 1 });
    expect(room.wasMissing()).toBe(false);
    expect(room.toWrite("out", { e: 1 })).toBeUndefined();
    expect(room.wasMissing()).toBe(true);
  });

  test("is so many characters in all, of paths and texts", () => {
    const room = createRoom({});
    // "out.a" has five.
    for (let left = LIMITS.addonChars; left > 0; left -= 8_192) {
      expect(room.toWrite("out", { a: text(8_192 - 5) })).toBeDefined();
    }
    expect(room.wasMissing()).toBe(false);
    expect(room.toWrite("o", { a: 1 })).toBeUndefined();
  });

  test("is no longer than a property may be: the rest is written", () => {
    const fits = text(LIMITS.stringChars);
    const path = text(LIMITS.propertyPathChars - "out..a".length);
    const room = createRoom({});
    expect(room.toWrite("out", { a: fits, [path]: { a: 1 } })).toEqual({ a: fits, [path]: { a: 1 } });
    expect(room.wasMissing()).toBe(false);
    expect(room.toWrite("out", { a: `${fits}x`, b: 1, [path]: { a: 1, ab: 2 } })).toEqual({ b: 1, [path]: { a: 1 } });
    expect(room.wasMissing()).toBe(true);
  });

  test("is in no deeper output than there may be", () => {
    const levels = (count: number) => Array(count).fill("a").join(".");
    const room = createRoom({});
    expect(room.toWrite(levels(LIMITS.addonOutputLevels), { a: 1 })).toEqual({ a: 1 });
    expect(room.wasMissing()).toBe(false);
    expect(room.toWrite(levels(LIMITS.addonOutputLevels + 1), { a: 1 })).toBeUndefined();
    expect(room.wasMissing()).toBe(true);
  });
});
