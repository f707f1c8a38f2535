import { LIMITS } from "@millrace/core";

/** A client's clock this close to ours is believed: correcting it would only add the network's delay and reorder its batches. */
const BELIEVED_SKEW_MS = 60_000;

/**
 * When an event of the tracker happened, by our clock: the client's own reading when its clock is right within a minute, else the
 * event's age counted back from receipt. Clamped to the week before receipt; cut to whole milliseconds.
 * @param sentAt the client's clock when it sent the batch
 * @param age milliseconds before `sentAt`
 */
export function trackerTime(receivedAt: number, sentAt: number, age: number): number {
  const reference = Math.abs(receivedAt - sentAt) <= BELIEVED_SKEW_MS ? sentAt : receivedAt;
  return Math.trunc(Math.min(Math.max(reference - age, receivedAt - LIMITS.trackerPastMs), receivedAt));
}
