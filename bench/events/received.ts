import { mintId, type StoredEvent } from "@millrace/core";

/** A fixed, cheap scramble: the same events in every run. */
export function hash(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** What ingest gives event number `index`: its id, and its place in messages of `perBatch` events. */
export function received(timestamp: number, index: number, perBatch = 100) {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(0, hash(index + 1));
  new DataView(random.buffer).setUint32(6, index);
  const sequence = Math.floor(index / perBatch);
  return {
    id: mintId(timestamp, random),
    timestamp,
    receivedAt: timestamp + 200,
    batch: `batch-${sequence}`,
    ordinal: index % perBatch,
    instance: "bench",
    sequence,
    accepted: index + 1,
  } satisfies Partial<StoredEvent>;
}
