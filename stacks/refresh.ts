import { lambda } from "./lambda.ts";
import { askQuestions } from "./query.ts";
import { readRegistry, registry, writeRegistry } from "./registry.ts";
import { storeEnvironment } from "./store.ts";

const refresh = lambda("Refresh", {
  memory: "1024 MB",
  // It is called again after ten minutes.
  timeout: "480 seconds",
  permissions: [
    readRegistry,
    ...writeRegistry({ put: ["share"], update: ["answer", "refresh"], delete: ["refresh"] }),
    ...askQuestions,
  ],
  inNetwork: true,
  environment: { ...storeEnvironment, REGISTRY_TABLE: registry.name },
});

/** Computes the answers of cached queries and datasets anew before they are older than was promised. */
new sst.aws.CronV2("RefreshAnswers", { schedule: "rate(10 minutes)", function: refresh.arn });
