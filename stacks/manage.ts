import { lambda } from "./lambda.ts";
import { readRegistry, writeRegistry } from "./registry.ts";
import { queue } from "./queue.ts";
import { apiEnvironment, askQuestions } from "./query.ts";
import { originSecret } from "./secrets.ts";
import { eraseEvents } from "./store.ts";

/**
 * What the master key changes: saved queries, boards, goals, datasets, access keys, embed secrets, reports and watches, which events are deleted, and which rejected ones are tried again. Apart from the function that answers questions,
 * so that what the public reaches a thousand times a second has no right to write.
 */
export const manage = lambda("Manage", {
  memory: "1024 MB",
  // The gateway gives up after 30 seconds.
  timeout: "29 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({
      put: [
        "share",
        "saved",
        "definition",
        "dataset",
        "access-keys",
        "embed-keys",
        "share-links",
        "tries",
        "audit-log",
        "tombstones",
      ],
      update: ["tombstones", "version", "refresh", "embed-revoked", "report", "watch", "subscription", "sending"],
      delete: [
        "saved",
        "definition",
        "dataset",
        "access-keys",
        "embed-keys",
        "share-links",
        "tries",
        "report",
        "watch",
        "subscription",
        "sending",
        "unsubscribe",
      ],
    }),
    ...askQuestions,
    ...eraseEvents,
    // Rejected events, sent again.
    { actions: ["sqs:SendMessage"], resources: [queue.arn] },
  ],
  inNetwork: true,
  environment: apiEnvironment,
  link: [originSecret],
});
