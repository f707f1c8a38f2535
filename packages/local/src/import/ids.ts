import { timePrefix } from "@millrace/core";
import { createHash } from "node:crypto";

/**
 * Deterministic event ids: the event's time, then a hash of the line's content, then which of the equal lines it is. The same
 * file again gives the same ids, so nothing is stored twice; a file that has grown gives the same ids for its old lines.
 *
 * The content must not hold an address: an unkeyed hash of one can be reversed by trying them all.
 */
export function importId(time: number, content: string, occurrence: number): string {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 24);
  return `${timePrefix(time)}${digest}.${occurrence.toString(36)}`;
}

/** Counts equal contents as they pass by: 0 for the first, 1 for the second. Keeps 52 bits of a hash per distinct content. */
export class Occurrences {
  #seen = new Map<number, number>();

  next(content: string): number {
    const key = hash52(content);
    const occurrence = this.#seen.get(key) ?? 0;
    this.#seen.set(key, occurrence + 1);
    return occurrence;
  }
}

/** 52 bits of SHA-256 as a number: two of ten million contents collide with a probability of about one in a hundred. */
export function hash52(content: string): number {
  return Number.parseInt(createHash("sha256").update(content).digest("hex").slice(0, 13), 16);
}
