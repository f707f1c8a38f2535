import { randomInt } from "node:crypto";
import { inStints } from "@millrace/core";

/** Hashes that are looked at together: a table of so many stays in a core's own memory, where one of all of them would not. */
const TOGETHER = 4_096;

/**
 * How many different hashes there are in sets that each hold every one of theirs once, in ascending order. One stretch of all numbers
 * after the other: in each of them the sets' hashes lie together.
 */
export async function countDistinct(sets: readonly BigUint64Array[]): Promise<number> {
  const filled = sets.filter(({ length }) => length > 0);
  if (filled.length <= 1) return filled[0]?.length ?? 0;
  const total = filled.reduce((sum, { length }) => sum + length, 0);
  const stretches = 2 ** Math.max(0, Math.ceil(Math.log2(total / TOGETHER)));
  const cursors = filled.map(cursorOf);
  const table = createTable();
  let count = 0;
  const countStretch = (at: number): void => {
    const end = ((at + 1) * 2 ** 32) / stretches;
    const pieces = cursors.map((cursor) => cursor.upTo(end));
    count += table.count(pieces);
  };
  await inStints(Array(stretches).keys(), countStretch);
  return count;
}

/** A set's hashes in halves of 32 bits, the lower one first: a bigint for each would be an object for each. */
function cursorOf(set: BigUint64Array) {
  const halves = new Uint32Array(set.buffer, set.byteOffset, 2 * set.length);
  let from = 0;
  return {
    /** Those behind the last ones whose higher half is below a number. */
    upTo: (end: number): Uint32Array => {
      let to = from;
      while (to < halves.length && (halves[to + 1] as number) < end) to += 2;
      const piece = halves.subarray(from, to);
      from = to;
      return piece;
    },
  };
}

/** Nobody who makes up ids can know which of them would lie in one place. */
const [MIX_LOW, MIX_HIGH] = [randomInt(2 ** 31) * 2 + 1, randomInt(2 ** 31) * 2 + 1];

/** A table of hashes: each lies in the place that its halves come to, and if there is another one, in the next free one. */
function createTable() {
  let table = new Uint32Array(4 * TOGETHER);
  return {
    count: (pieces: readonly Uint32Array[]): number => {
      const most = pieces.reduce((sum, { length }) => sum + length / 2, 0);
      if (3 * most > table.length) table = new Uint32Array(2 ** Math.ceil(Math.log2(4 * most)));
      else table.fill(0);
      const shift = 32 - Math.log2(table.length / 2);
      let different = 0;
      let hasZero = false;
      for (const piece of pieces) {
        for (let i = 0; i < piece.length; i += 2) {
          const [low, high] = [piece[i] as number, piece[i + 1] as number];
          // Nothing but zeros is a free place.
          if (low === 0 && high === 0) hasZero = true;
          else if (isNew(table, shift, low, high)) different += 1;
        }
      }
      return different + (hasZero ? 1 : 0);
    },
  };
}

function isNew(table: Uint32Array, shift: number, low: number, high: number): boolean {
  const last = table.length - 1;
  let place = 2 * ((Math.imul(low, MIX_LOW) + Math.imul(high, MIX_HIGH)) >>> shift);
  for (;;) {
    const [its, more] = [table[place] as number, table[place + 1] as number];
    if (its === low && more === high) return false;
    if (its === 0 && more === 0) {
      table[place] = low;
      table[place + 1] = high;
      return true;
    }
    place = (place + 2) & last;
  }
}
