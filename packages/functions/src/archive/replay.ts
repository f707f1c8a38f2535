import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Clock } from "@millrace/core";
import type { BucketReader, StoredObject } from "../s3/reader.ts";
import { batchesOf, roundsOf, type ReplayRequest } from "./plan-replay.ts";

const unpack = promisify(gunzip);

export interface ReplayParts {
  readonly archive: BucketReader;
  /** Sends up to ten bodies. Resolves when the queue has them all. */
  readonly sendBatch: (bodies: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  /** Told after each round. */
  readonly progress: (sofar: ReplayAnswer) => void;
}

export interface ReplayAnswer {
  /** Of the hour, from `after` on. */
  readonly objects: number;
  /** As they are stored, packed. */
  readonly bytes: number;
  /** 0 in a dry run. */
  readonly messages: number;
  /** The last key of which everything was sent: to go on after it. */
  readonly after: string;
  readonly done: boolean;
}

/** Calls of SendMessageBatch that are under way at once. */
const SIDE_BY_SIDE = 16;

/**
 * Sends an hour of the archive through the pipeline again. Safe to repeat: an event that is stored already is recognised by its
 * identity, whoever sends it. Stops before `deadline` with what is left to do, and goes on from there when it is called again.
 */
export function createReplay({ archive, sendBatch, clock, progress }: ReplayParts) {
  return async ({ prefix, after, send }: ReplayRequest, deadline: number): Promise<ReplayAnswer> => {
    const objects = await archive.list(prefix, after);
    const bytes = objects.reduce((sum, { size }) => sum + size, 0);
    let answer: ReplayAnswer = {
      objects: objects.length,
      bytes,
      messages: 0,
      after,
      done: !send || objects.length === 0,
    };
    if (!send) return answer;
    for (const round of roundsOf(objects)) {
      if (clock.now() >= deadline) return answer;
      const bodies = (await Promise.all(round.map(({ key }) => bodiesOf(archive, key)))).flat();
      await inTurns(batchesOf(bodies), sendBatch);
      const last = round.at(-1)?.key ?? answer.after;
      answer = { ...answer, messages: answer.messages + bodies.length, after: last, done: isLast(objects, last) };
      progress(answer);
    }
    return answer;
  };
}

function isLast(objects: readonly StoredObject[], key: string): boolean {
  return objects.at(-1)?.key === key;
}

/** The bodies of one object, exactly as they were queued. */
async function bodiesOf(archive: BucketReader, key: string): Promise<string[]> {
  const lines = (await unpack(await archive.get(key))).toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => (JSON.parse(line) as { body: string }).body);
}

/** Sixteen hands take one batch after the other; the first failure stops them all. */
async function inTurns(batches: readonly string[][], sendBatch: ReplayParts["sendBatch"]): Promise<void> {
  const left = batches.values();
  const hand = async () => {
    for (const batch of left) await sendBatch(batch);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, hand));
}
