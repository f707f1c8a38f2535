import type { Clock } from "@millrace/core";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Bucket } from "../s3/bucket.ts";

const pack = promisify(gzip);

interface ArchivedMessage {
  readonly id: string;
  readonly body: string;
}

export interface ArchiveOptions {
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly newId: () => string;
}

/**
 * Keeps the messages of one call as one object: gzip, a line of JSON for each message with its id and its body exactly as it was
 * queued, so that sending the bodies again rebuilds a lost store. Objects are found by the UTC hour of their making, and never
 * replace one another: `raw/2026/11/23/21/TIME-ID.ndjson.gz`.
 */
export function createArchive({ bucket, clock, newId }: ArchiveOptions) {
  return async (messages: readonly ArchivedMessage[]): Promise<void> => {
    if (messages.length === 0) return;
    const time = new Date(clock.now()).toISOString();
    const hour = time.slice(0, 13).replaceAll(/[-T]/g, "/");
    await bucket.put(`raw/${hour}/${time.replaceAll(/[-:.]/g, "")}-${newId()}.ndjson.gz`, await packed(messages));
  };
}

/** Lines of JSON, one for each message, packed. */
export function packed(messages: readonly ArchivedMessage[]): Promise<Uint8Array<ArrayBuffer>> {
  const lines = messages.map(({ id, body }) => `${JSON.stringify({ id, body })}\n`).join("");
  // Fast rather than small: the large messages are packed already.
  return pack(lines, { level: 3 });
}
