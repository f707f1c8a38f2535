import { timePrefix } from "@millrace/core";
import { createHash } from "node:crypto";

/**
 * Deterministic event ids: the event's time, then a hash of the line's content and of the stream of lines it is from, then which
 * of the stream's equal lines it is. See streams.ts for what a stream is.
 *
 * The content must not hold an address: it is part of the event, and an unkeyed hash of an address can be reversed by trying
 * them all.
 */
export function importId(time: number, content: string, stream: string, occurrence: number): string {
  const digest = createHash("sha256").update(`${stream}\n${content}`).digest("hex").slice(0, 24);
  return `${timePrefix(time)}${digest}.${occurrence.toString(36)}`;
}

/** Counts equal contents of one file as they pass by: 0 for the first, 1 for the second. Keeps 52 bits of a hash per distinct content. */
export class Occurrences {
  #seen = new Map<number, number>();
  #file: string | undefined;

  next(content: string, file: string): number {
    // The next file begins anew: if it is the same stream once more, its lines are the same events.
    if (file !== this.#file) this.#seen.clear();
    this.#file = file;
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
