import { identityTime, LIMITS, MillraceError, timePrefix } from "@millrace/core";
import { createHash } from "node:crypto";

/** Visible ASCII; the quotes of the IETF's draft (`Idempotency-Key: "…"`) are not part of the key. */
const KEY = /^"?([!#-~]{1,128})"?$/;
const UUID_V7 = /^[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;
/** 108 bits in base64url. */
const DIGEST_CHARS = 18;
/** Of the place at an id's end: more than a request can hold. */
const PLACE_CHARS = 5;

/** The `Idempotency-Key` of one request: gives its events ids that are the same whenever the same request is sent again. */
export interface IdempotencyKey {
  /**
   * The id of the event at `ordinal` in the request's list of `collection`. Those of one time sort by their places.
   * @param timestamp what the event says of its own time, milliseconds UTC
   * @throws MillraceError `InvalidParameterError` when neither the event nor the key has a time
   */
  idOf(collection: string, ordinal: number, timestamp: number | undefined): string;
}

/**
 * Reads the header. An id begins with a time, by which its month is found, so that time must be the same at every attempt: the
 * event's own, or else that of a key that is a UUIDv7. The time of receipt is another at the next attempt, and a request that was
 * repeated over the end of a month would be stored in both. A key from the future is refused for the reason ids from the future
 * are: its month has no place in the store yet, and once it has one, a repeat would be stored there once more.
 * @param receivedAt milliseconds UTC
 * @returns undefined without the header
 * @throws MillraceError `InvalidParameterError` naming the header
 */
export function readIdempotencyKey(
  header: string | undefined,
  project: string,
  receivedAt: number,
): IdempotencyKey | undefined {
  if (header === undefined) return undefined;
  const key = KEY.exec(header)?.[1];
  if (key === undefined) throw keyError("must be 1 to 128 visible ASCII characters");
  const ownTime = UUID_V7.test(key) ? identityTime(key.replaceAll("-", "")) : undefined;
  if (ownTime !== undefined && ownTime > receivedAt + LIMITS.futureMs) {
    throw keyError("is a UUIDv7 whose time is more than a day in the future");
  }
  return {
    idOf(collection, ordinal, timestamp) {
      const time = timestamp ?? ownTime;
      if (time === undefined) throw keyError("must be a UUIDv7 when an event has no keen.timestamp");
      const digest = createHash("sha256")
        .update(JSON.stringify([project, key, collection]))
        .digest("base64url");
      return timePrefix(time) + digest.slice(0, DIGEST_CHARS) + ordinal.toString(36).padStart(PLACE_CHARS, "0");
    },
  };
}

function keyError(problem: string): MillraceError {
  return new MillraceError("InvalidParameterError", `The header Idempotency-Key ${problem}.`);
}
