import type { Value } from "@millrace/core";

/** What the events of one span come to: small enough to be kept, and enough to be put together with those of other spans. */
export interface Part {
  /** One for each group that has events; without groups one at most. */
  readonly rows: readonly PartRow[];
  readonly bytes: number;
}

export interface PartRow {
  readonly group: readonly Value[];
  /** One for each measure. */
  readonly cells: readonly PartCell[];
}

/**
 * A count; the hashes of different values, each once; or a sum of whole numbers with the sum of what they are without their signs, which
 * tells that no digit can have been lost.
 */
export type PartCell = number | BigUint64Array | PartSum;

export interface PartSum {
  readonly sum: number;
  readonly size: number;
}

/** Below this sums of whole numbers are exact in doubles, in whatever order they are added, with a bit to spare. */
export const MOST_EXACT = 2 ** 52;

/** What objects, lists and the key they are found by take beside the numbers in them, about. */
const PART_BYTES = 300;
const ROW_BYTES = 200;

export function partOf(rows: readonly PartRow[]): Part {
  return { rows, bytes: PART_BYTES + rows.reduce((sum, row) => sum + rowBytes(row), 0) };
}

function rowBytes({ group, cells }: PartRow): number {
  let bytes = ROW_BYTES;
  for (const value of group) bytes += 2 * (typeof value === "string" ? value.length : JSON.stringify(value).length);
  for (const cell of cells) bytes += typeof cell === "object" && "byteLength" in cell ? cell.byteLength + 100 : 32;
  return bytes;
}
