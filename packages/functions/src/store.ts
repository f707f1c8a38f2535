import type { Clock, Registry } from "@millrace/core";
import { createOpenSearchStore, type OpenSearchStore } from "@millrace/store-opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";
import { numericSetting, optionalSetting, setting } from "./config.ts";
import { roleCredentials } from "./role.ts";
import { isAwsDomain } from "./signing.ts";

/**
 * The store of this stage. Requests to a domain of Amazon's are signed with the function's role; any other address (a local
 * OpenSearch in live development) is asked without.
 */
export function openStore(clock: Clock, registry: Registry): OpenSearchStore {
  const node = setting("OPENSEARCH_URL");
  const prefix = optionalSetting("OPENSEARCH_PREFIX");
  return createOpenSearchStore({
    ...(prefix !== undefined && { prefix }),
    connection: { ...(isAwsDomain(node) && signer()), node },
    registry,
    clock,
    shards: numericSetting("OPENSEARCH_SHARDS"),
    groups: numericSetting("OPENSEARCH_GROUPS"),
    replicas: Number(setting("OPENSEARCH_REPLICAS")),
    refreshInterval: `${numericSetting("OPENSEARCH_REFRESH_SECONDS")}s`,
    bulkBytes: numericSetting("OPENSEARCH_BULK_BYTES"),
  });
}

/** For the client of the store: signs each request with SigV4. @throws Error when the region is not set */
export function signer() {
  return AwsSigv4Signer({
    region: setting("AWS_REGION"),
    service: "es",
    getCredentials: async () => roleCredentials(),
  });
}
