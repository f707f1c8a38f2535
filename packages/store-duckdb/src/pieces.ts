import type { StoredEvent } from "@millrace/core";

/** Events that are committed by themselves, and what they weigh. */
export interface Piece {
  readonly events: readonly StoredEvent[];
  readonly weight: number;
}

/** So many characters of an event's values are as much work as an event is. */
const CHARACTERS = 1_000;

/**
 * The events of one append in pieces of about `most`, in order: whoever appends little waits for one piece of somebody's mass, not for all
 * of it.
 * @param most units: an ordinary event is one, a thousand characters of its values are one more
 */
export function piecesOf(events: readonly StoredEvent[], most: number): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let weight = 0;
  for (const [at, event] of events.entries()) {
    const its = weightOf(event);
    if (at > from && weight + its > most) {
      pieces.push({ events: events.slice(from, at), weight });
      from = at;
      weight = 0;
    }
    weight += its;
  }
  if (from < events.length) pieces.push({ events: events.slice(from), weight });
  return pieces;
}

function weightOf({ flat: { strings, json, overflow } }: StoredEvent): number {
  let characters = 0;
  for (const texts of [strings, json]) for (const path in texts) characters += path.length + (texts[path]?.length ?? 0);
  for (const token of overflow) characters += token.length;
  return 1 + Math.floor(characters / CHARACTERS);
}
