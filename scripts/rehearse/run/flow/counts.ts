import type { Count } from "../gateway/meter.ts";

/** What AWS bills of the way of events into the store: calls per million events, in units of the bill. */
export interface Counts {
  readonly ingestCalls: number;
  readonly collectorCalls: number;
  /** Sends in steps of 64 KB, receives, deletes. */
  readonly sqsRequests: number;
  readonly registryWrites: number;
  readonly registryReads: number;
  readonly archivePuts: number;
}

/** What SQS bills as one request. */
const SQS_STEP_BYTES = 65_536;
const WRITES = /dynamodb:(?:PutItem|UpdateItem|DeleteItem)$/;
const READS = /dynamodb:(?:GetItem|Query)$/;

/** @param events how many events the counts are of */
export function countsPerMillion(
  calls: ReadonlyMap<string, Count>,
  invocations: ReadonlyMap<string, number>,
  events: number,
): Counts {
  const per = (count: number) => (count * 1e6) / events;
  const sum = (pattern: RegExp, of: (count: Count) => number = ({ calls: number }) => number) =>
    [...calls].reduce((all, [name, count]) => all + (pattern.test(name) ? of(count) : 0), 0);
  // A mean: the messages of one load are alike.
  const steps = ({ calls: number, bytesIn }: Count) => number * Math.ceil(bytesIn / number / SQS_STEP_BYTES);
  return {
    ingestCalls: per(invocations.get("ingest") ?? 0),
    collectorCalls: per(invocations.get("collector") ?? 0),
    sqsRequests: per(sum(/sqs:SendMessage$/, steps) + sum(/sqs:(?:ReceiveMessage|DeleteMessageBatch)$/)),
    registryWrites: per(sum(WRITES)),
    registryReads: per(sum(READS)),
    archivePuts: per(sum(/s3:PutObject$/)),
  };
}
