import { systemClock } from "@millrace/access";
import { label, monitor, type InvocationContext } from "@millrace/monitor";
import { createReplay } from "./archive/replay.ts";
import { parseReplay } from "./archive/plan-replay.ts";
import { setting } from "./config.ts";
import { openArchiveReader } from "./s3/open-bucket.ts";
import { openSqs } from "./sqs/open-sqs.ts";
import { createBatchSender } from "./sqs/send-batch.ts";

const replay = createReplay({
  archive: openArchiveReader(),
  sendBatch: createBatchSender(openSqs(), setting("SQS_QUEUE_URL")),
  clock: systemClock,
  progress: (sofar) => console.log(JSON.stringify({ replay: sofar })),
});

/** Of the time that is left; the rest is for the round that is under way then. */
const USED = 0.9;

/**
 * Sends an hour of the archive again: what a lost domain is rebuilt from (docs/deploy.md, "Losing the domain"). No route leads here:
 * it is called with `aws lambda invoke`.
 */
export const handler = monitor(
  async (event: unknown, context: Required<InvocationContext>) => {
    const deadline = systemClock.now() + context.getRemainingTimeInMillis() * USED;
    const answer = await replay(parseReplay(event), deadline);
    label("replay.messages", answer.messages);
    label("replay.after", answer.after);
    return answer;
  },
  { name: "replay", source: () => ({ kind: "command", name: "replay" }) },
);
