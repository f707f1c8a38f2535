import { administration } from "./console.ts";
import { lambda } from "./lambda.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";

/**
 * Projects, keys, people and deletions, by `aws lambda invoke`: no route leads here, so AWS's own identities decide who may, and
 * CloudTrail keeps who did. The way in for the first owner. It does not reach the store: upkeep does.
 */
export const admin = lambda("Admin", {
  memory: "256 MB",
  timeout: "20 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({
      ...administration,
      put: [...administration.put, "tombstones", "operations"],
      update: [...administration.update, "tombstones"],
      delete: [...administration.delete, "operations"],
    }),
  ],
  environment: { REGISTRY_TABLE: registry.name },
});
