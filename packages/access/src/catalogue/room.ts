import type { PropertyKind } from "@millrace/core";

/** A property's path with a kind: one field of the store's mapping, whichever projects use it. */
export type Pair = readonly [path: string, kind: PropertyKind];

/** Most pairs, and most bytes of their names: the names are in the memory of every collector and in the cluster's state. */
export interface Room {
  readonly pairs: number;
  readonly bytes: number;
}

/**
 * The rule of the budget, for one month. A pair that was used in the month before has its room kept for it; a new one gets in while
 * used and kept pairs together leave room. So what nobody sends any more makes room after a month, and junk cannot push out
 * what is in use. Whatever happens, the pairs used in one month never exceed the room.
 */
export interface Usage {
  /** True for a pair used this month. */
  has(pair: Pair): boolean;
  /** The pairs that may come in, of those not yet used. Nothing is added. @param newcomers room for those not used last month */
  fitting(wanted: readonly Pair[], newcomers?: Newcomers): Pair[];
  add(pairs: readonly Pair[]): void;
  /** What used and kept pairs take. */
  taken(): Room;
}

/** The room for one more name that was not used last month. @param before what came in before it by the same call */
type Newcomers = (before: Room) => Room;

/** @param last the pairs used in the month before */
export function createUsage(room: Room, last: Iterable<Pair> = []): Usage {
  const used = new Set<string>();
  const kept = new Set<string>();
  let usedBytes = 0;
  let keptBytes = 0;
  for (const pair of last) {
    if (kept.has(pairKey(pair))) continue;
    kept.add(pairKey(pair));
    keptBytes += pairBytes(pair);
  }

  return {
    has: (pair) => used.has(pairKey(pair)),
    fitting(wanted, newcomers = () => room) {
      const inside = { pairs: used.size, bytes: usedBytes };
      const waiting = { pairs: kept.size, bytes: keptBytes };
      const fitting: Pair[] = [];
      const fresh = { pairs: 0, bytes: 0 };
      for (const pair of wanted) {
        const bytes = pairBytes(pair);
        const isKept = kept.has(pairKey(pair));
        const most = isKept ? room : newcomers(fresh);
        const before = isKept ? inside : { pairs: inside.pairs + waiting.pairs, bytes: inside.bytes + waiting.bytes };
        if (before.pairs >= most.pairs || before.bytes + bytes > most.bytes) continue;
        fitting.push(pair);
        inside.pairs++;
        inside.bytes += bytes;
        if (isKept) {
          waiting.pairs--;
          waiting.bytes -= bytes;
        } else {
          fresh.pairs++;
          fresh.bytes += bytes;
        }
      }
      return fitting;
    },
    add(pairs) {
      for (const pair of pairs) {
        const key = pairKey(pair);
        if (used.has(key)) continue;
        used.add(key);
        usedBytes += pairBytes(pair);
        if (kept.delete(key)) keptBytes -= pairBytes(pair);
      }
    },
    taken: () => ({ pairs: used.size + kept.size, bytes: usedBytes + keptBytes }),
  };
}

/** From 1, when all of the room is left, to 0. */
export function roomLeft(taken: Room, room: Room): number {
  return Math.max(0, 1 - Math.max(taken.pairs / room.pairs, taken.bytes / room.bytes));
}

export function pairKey([path, kind]: Pair): string {
  return `${kind}:${path}`;
}

/** At most: three bytes for each UTF-16 unit, and what surrounds it. */
export function pairBytes([path]: Pair): number {
  return path.length * 3 + 16;
}
