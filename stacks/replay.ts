import { archive, readArchive } from "./archive.ts";
import { lambda } from "./lambda.ts";
import { queue } from "./queue.ts";

/**
 * Sends an hour of the archive again, by `aws lambda invoke`: what a lost domain is rebuilt from. It can read what was collected and
 * send messages, and reaches neither store nor registry. Without an archive there is nothing to send.
 */
if (archive)
  lambda("Replay", {
    // An hour of 35,000 requests is unpacked and sent in about a minute; the rest is for hours that are busier.
    memory: "1024 MB",
    timeout: "900 seconds",
    permissions: [...readArchive(), { actions: ["sqs:SendMessage"], resources: [queue.arn] }],
    environment: { ARCHIVE_BUCKET: archive.name, SQS_QUEUE_URL: queue.url },
  });
