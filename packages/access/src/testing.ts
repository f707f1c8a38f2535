import { createHmac } from "node:crypto";
import type { RandomBytes, Registry } from "@millrace/core";
import { createSqliteRegistry } from "./registry/registry-sqlite.ts";

/** 2026-11-23T12:00:00Z. */
export const NOON = Date.UTC(2026, 10, 23, 12);
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** A clock that stands still until told to move. */
export function fakeClock(start = NOON) {
  let now = start;
  return { now: () => now, advance: (ms: number) => void (now += ms), set: (ms: number) => void (now = ms) };
}

/** Bytes that differ on every call and are the same in every run. */
export function countingRandom(): RandomBytes {
  let calls = 0;
  return (count) => {
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint16(Math.max(count - 2, 0), ++calls);
    return bytes;
  };
}

/** A real registry that can be cut off, and counts what it is asked. */
export function breakableRegistry(clock: { now(): number }) {
  const real = createSqliteRegistry({ path: ":memory:", clock });
  const state = { down: false, reads: 0, writes: 0 };
  const guard =
    <A extends unknown[], R>(kind: "reads" | "writes", call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      state[kind]++;
      return state.down ? Promise.reject(new Error("registry down on purpose")) : call(...args);
    };
  const registry: Registry = {
    get: guard("reads", (key) => real.get(key)) as Registry["get"],
    list: guard("reads", (partition: string, prefix?: string) => real.list(partition, prefix)) as Registry["list"],
    listFrom: guard("reads", (partition: string, from: string, limit?: number) =>
      real.listFrom(partition, from, limit),
    ) as Registry["listFrom"],
    put: guard("writes", (key, value, options) => real.put(key, value, options)) as Registry["put"],
    claimMany: guard("writes", (claims) => real.claimMany(claims)) as Registry["claimMany"],
    delete: guard("writes", (key) => real.delete(key)),
    close: () => real.close(),
  };
  return { registry, state };
}

/** The code that an app shows: RFC 6238 over HMAC-SHA-1, written down once more. */
export function totpOf(base32: string, atMs: number): string {
  const bits = Array.from(base32, (sign) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0"),
  );
  const bytes = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const digest = createHmac("sha1", bytes).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, "0");
}
