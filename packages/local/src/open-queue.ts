import { SQSClient } from "@aws-sdk/client-sqs";
import type { AcceptedRow, Clock, Queue } from "@millrace/core";
import type { MendDeps } from "@millrace/ops";
import { createEmbeddedQueue, createSqsQueue } from "@millrace/queue";
import { join } from "node:path";
import { openAcceptedCounts } from "./accepted-counts.ts";
import type { LocalConfig } from "./config.ts";

/** Dead letters of one project that are counted; there should be none. */
const COUNTED = 100_000;

type Counts = (project: string, from: number, to: number) => Promise<AcceptedRow[]>;

/** The queue that the configuration names, and the counts the ledger needs of it. */
export interface OpenedQueue {
  readonly queue: Queue;
  /** For the first lines on the terminal. */
  readonly name: string;
  /** Events sent, by hour of receipt. */
  readonly accepted: Counts;
  /** Events in dead letters, by hour of receipt; SQS cannot tell, its dead letters show as in flight. */
  readonly dead: Counts;
  /** Dead letters that can be put back. Absent where the queue keeps them itself. */
  readonly deadLetters?: NonNullable<MendDeps["deadLetters"]>;
  close(): Promise<void>;
}

/** @throws Error saying what is wrong with the queue's file */
export async function openQueue(config: LocalConfig, clock: Clock): Promise<OpenedQueue> {
  if (config.sqsQueueUrl === undefined) {
    const queue = await createEmbeddedQueue({ path: join(config.dataFolder, "queue.sqlite"), clock });
    return {
      queue,
      name: "SQLite (embedded)",
      accepted: (project, from, to) => queue.accepted(project, from, to),
      dead: (project, from, to) => queue.deadEvents(project, from, to),
      deadLetters: {
        count: async (group) =>
          group === undefined
            ? (await queue.stats()).dead
            : (await queue.deadLetters({ group, limit: COUNTED })).length,
        redrive: (group) => queue.redrive(group === undefined ? {} : { group }),
      },
      close: () => queue.close(),
    };
  }
  const url = config.sqsQueueUrl;
  const counts = openAcceptedCounts(join(config.dataFolder, "accepted.sqlite"));
  // An emulator is found by the host in its queue's URL; AWS's own hosts need no endpoint.
  const endpoint = new URL(url).hostname.endsWith(".amazonaws.com") ? {} : { endpoint: new URL(url).origin };
  const queue = createSqsQueue({ client: new SQSClient(endpoint), url });
  return {
    queue: counts.counting(queue),
    name: `SQS at ${url}`,
    accepted: (project, from, to) => counts.read(project, from, to),
    dead: async () => [],
    async close() {
      await queue.close();
      counts.close();
    },
  };
}
