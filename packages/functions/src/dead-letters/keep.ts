import { HOUR_MS, type Clock, type ReceivedMessage } from "@millrace/core";
import { packed } from "../archive/archive.ts";
import type { Bucket } from "../s3/bucket.ts";
import type { DeadCounts } from "./dead-counts.ts";
import { countLetter } from "./letter.ts";

export interface KeepParts {
  readonly bucket: Bucket;
  readonly counts: Pick<DeadCounts, "retire">;
  readonly clock: Clock;
}

const DAY_MS = 24 * HOUR_MS;
/** Younger ones are being looked at, and most are redriven. */
const COPIED_AFTER_MS = DAY_MS;
/** A day before SQS drops them (stacks/queue.ts keeps two weeks), so that one failed run loses nothing. */
const LEAVES_AFTER_MS = 13 * DAY_MS;

/**
 * For {@link sweep}: copies letters older than a day to the bucket, `dead/2026/11/22/ID.ndjson.gz` by the day they were sent (the
 * same object each time), in the archive's form. Those SQS is about to drop are noted as dead for good and leave the queue:
 * without that their events would look lost in the ledger.
 * @throws when the bucket or the registry fails: then nothing leaves the queue
 */
export function keepLetters({ bucket, counts, clock }: KeepParts) {
  return async (letters: readonly ReceivedMessage[]): Promise<string[]> => {
    const olderThan = (ms: number) => letters.filter(({ sentAt }) => clock.now() - sentAt > ms);
    for (const letter of olderThan(COPIED_AFTER_MS)) {
      const day = new Date(letter.sentAt).toISOString().slice(0, 10).replaceAll("-", "/");
      await bucket.put(`dead/${day}/${letter.id}.ndjson.gz`, await packed([letter]));
    }
    const leaving = olderThan(LEAVES_AFTER_MS);
    for (const letter of leaving) await counts.retire(letter.id, countLetter(letter));
    return leaving.map(({ id }) => id);
  };
}
