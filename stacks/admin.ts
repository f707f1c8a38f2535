import { lambda } from "./lambda.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";

/**
 * Projects, keys and deletions, by `aws lambda invoke`: no route leads here, so AWS's own identities decide who may, and CloudTrail
 * keeps who did. The only function that can make a key, or a tombstone. It does not reach the store: upkeep does.
 */
export const admin = lambda("Admin", {
  memory: "256 MB",
  timeout: "20 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({
      put: ["projects", "keys", "tombstones"],
      update: ["write-key", "read-key", "master-key", "tombstones"],
      delete: ["keys", "write-key", "read-key", "master-key"],
    }),
  ],
  environment: { REGISTRY_TABLE: registry.name },
});
