import { MillraceError } from "@millrace/core";
import * as z from "zod";
import type { StoredObject } from "../s3/reader.ts";

/** What is to be sent again: one UTC hour of the archive. */
export interface ReplayRequest {
  /** Such as `raw/2026/11/23/21/`. */
  readonly prefix: string;
  /** The key after which to go on; empty: from the start of the hour. */
  readonly after: string;
  /** False: only say what there is. */
  readonly send: boolean;
}

const command = z.strictObject({
  /** UTC, such as `2026-11-23T21`. */
  hour: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d$/, 'must be an hour such as "2026-11-23T21"'),
  /** Said aloud: without it the call is a dry run. */
  send: z.boolean().default(false),
  /** `after` of the answer before, when one call could not send the whole hour. */
  after: z.string().default(""),
});

/** @throws ZodError naming what is wrong with the command; MillraceError for a key of another hour */
export function parseReplay(event: unknown): ReplayRequest {
  const { hour, send, after } = command.parse(event);
  const prefix = `raw/${hour.replaceAll(/[-T]/g, "/")}/`;
  if (after !== "" && !after.startsWith(prefix))
    throw new MillraceError("InvalidParameterError", `"after" is no key of the hour ${hour}.`, { context: { after } });
  return { prefix, after, send };
}

/** Objects read at once, and the most they may weigh packed: unpacked they are up to twenty times as much. */
const ROUND_OBJECTS = 32;
const ROUND_BYTES = 16 * 1024 * 1024;

/** Objects in the order of their keys, cut into rounds: a replay that ends early ends after a whole one. */
export function roundsOf(objects: readonly StoredObject[]): StoredObject[][] {
  return packed(objects, ({ size }) => size, { most: ROUND_OBJECTS, bytes: ROUND_BYTES });
}

/** What SQS takes in one SendMessageBatch. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const BATCH_MESSAGES = 10;
const BATCH_BYTES = 1_048_576;

/** Bodies in their order, cut into what SQS takes at once. */
export function batchesOf(bodies: readonly string[]): string[][] {
  return packed(bodies, (body) => Buffer.byteLength(body), { most: BATCH_MESSAGES, bytes: BATCH_BYTES });
}

/** Cuts a list into runs of at most so many entries and bytes; an entry that is larger than that makes a run of its own. */
function packed<T>(list: readonly T[], sizeOf: (entry: T) => number, limit: { most: number; bytes: number }): T[][] {
  const runs: T[][] = [];
  let run: T[] = [];
  let bytes = 0;
  for (const entry of list) {
    const size = sizeOf(entry);
    if (run.length > 0 && (run.length === limit.most || bytes + size > limit.bytes)) {
      runs.push(run);
      run = [];
      bytes = 0;
    }
    run.push(entry);
    bytes += size;
  }
  return run.length > 0 ? [...runs, run] : runs;
}
