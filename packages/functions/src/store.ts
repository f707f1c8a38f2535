import { STORE_PREFIX, type Clock, type Registry } from "@millrace/core";
import {
  createOpenSearchExecutions,
  createOpenSearchStore,
  type ConnectionOptions,
  type OpenSearchExecutions,
  type OpenSearchStore,
} from "@millrace/store-opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";
import { numericSetting, optionalSetting, setting } from "./config.ts";
import { roleCredentials } from "./role.ts";
import { isAwsDomain } from "./signing.ts";

/** The store of this stage. */
export function openStore(clock: Clock, registry: Registry): OpenSearchStore {
  return createOpenSearchStore({
    prefix: prefix(),
    connection: connection(),
    registry,
    clock,
    shards: numericSetting("OPENSEARCH_SHARDS"),
    groups: numericSetting("OPENSEARCH_GROUPS"),
    replicas: Number(setting("OPENSEARCH_REPLICAS")),
    refreshInterval: `${numericSetting("OPENSEARCH_REFRESH_SECONDS")}s`,
    bulkBytes: numericSetting("OPENSEARCH_BULK_BYTES"),
  });
}

/** Where this stage's executions are kept: beside its events, in indexes of their own. */
export function openExecutions(): OpenSearchExecutions {
  return createOpenSearchExecutions({ prefix: prefix(), connection: connection() });
}

function prefix(): string {
  return optionalSetting("OPENSEARCH_PREFIX") ?? STORE_PREFIX;
}

/** Requests to a domain of Amazon's are signed with the function's role; any other address (a local OpenSearch in live development) is asked without. */
function connection(): ConnectionOptions {
  const node = setting("OPENSEARCH_URL");
  return { ...(isAwsDomain(node) && signer()), node };
}

/** For the client of the store: signs each request with SigV4. @throws Error when the region is not set */
export function signer() {
  return AwsSigv4Signer({
    region: setting("AWS_REGION"),
    service: "es",
    getCredentials: async () => roleCredentials(),
  });
}
