import { lambda } from "./lambda.ts";
import { deadLetters, queue } from "./queue.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { originSecret } from "./secrets.ts";
import { costEnvironment } from "./shape.ts";
import { stage } from "./stage.ts";
import { findEvents, readStore, storeEnvironment } from "./store.ts";

/** Permission to ask the store whatever the API can be asked. */
export const askQuestions = [...readStore, ...findEvents];

/** Of the functions that send mail, or must know whether any is sent. */
export const mailFrom = stage.mailFrom && { MAIL_FROM: `${stage.mailFrom.name} <${stage.mailFrom.address}>` };

/** Of the functions that serve the query API. */
export const apiEnvironment = {
  ...storeEnvironment,
  REGISTRY_TABLE: registry.name,
  SQS_QUEUE_URL: queue.url,
  SQS_DEAD_LETTER_URL: deadLetters.url,
  ORIGIN_CHECK: $dev ? "off" : "on",
  ...mailFrom,
};

/** Every question: the query API, the ledger, what the dashboard asks. It cannot change an event. */
export const query = lambda("Query", {
  memory: "1024 MB",
  // The gateway gives up after 30 seconds.
  timeout: "29 seconds",
  permissions: [
    readRegistry,
    // What each project has of the engine, and answers that are kept; nothing else of the registry.
    ...writeRegistry({ put: ["share"], update: ["answer", "refresh"] }),
    ...askQuestions,
    // What the ledger says is on its way.
    { actions: ["sqs:GetQueueAttributes"], resources: [queue.arn, deadLetters.arn] },
  ],
  inNetwork: true,
  environment: { ...apiEnvironment, ...costEnvironment },
  link: [originSecret],
  ...(stage.reserved && { reserved: stage.reserved.query }),
});
