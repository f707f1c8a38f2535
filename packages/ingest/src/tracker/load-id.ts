import { identityTime, LIMITS, timePrefix } from "@millrace/core";

/** In place of a time that is from a wrong clock. 1970 has no month of its own, so such events lie together, wherever it is asked. */
const NO_TIME = timePrefix(0);

/**
 * The first half of the event ids of a document load: its UUIDv7 without dashes. Its time is from the visitor's clock, which may be
 * months ahead, and an id must not name a month that has no place in the store yet: once it has one, a retry would be looked for
 * there and stored a second time. So of a clock that is far ahead only the random part is kept.
 *
 * Every attempt to send an event must come to the same answer, or it is stored twice. How far the id's time lies ahead of us does
 * not serve alone: it shrinks while a client waits for its next attempt, so every clock just beyond the border would cross it. How
 * far the clock was ahead when the attempt was sent stays the same, and crosses only by the network's delay. The border lies apart
 * from where wrong clocks are found: a wrong date is a whole day, a wrong zone at most 26 hours. What is left: a clock that was
 * ahead by about as much as the border, and was set right between two attempts of which the first was heard and not answered.
 * @param load UUIDv7, with or without dashes
 * @param sentAt the client's clock when it sent this attempt
 * @param receivedAt our clock, milliseconds UTC
 */
export function loadIdentity(load: string, sentAt: number, receivedAt: number): string {
  const id = load.replaceAll("-", "");
  const latest = receivedAt + LIMITS.trackerFutureMs;
  return sentAt > latest || identityTime(id) > latest ? NO_TIME + id.slice(NO_TIME.length) : id;
}
