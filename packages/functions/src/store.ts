import type { Clock, EventStore } from "@millrace/core";
// @ts-expect-error -- the OpenSearch store is not finished; TypeScript asks for this line to go as soon as it is
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { Client } from "@opensearch-project/opensearch";
import { AwsSigv4Signer } from "@opensearch-project/opensearch/aws-v3";
import { setting } from "./config.ts";

/**
 * The store of this stage. Requests to a domain of Amazon's are signed with the function's role; any other address (a local
 * OpenSearch in live development) is asked without.
 */
export function openStore(clock: Clock): EventStore {
  const node = setting("OPENSEARCH_URL");
  const signed = new URL(node).hostname.endsWith(".es.amazonaws.com");
  return createOpenSearchStore({ client: new Client({ ...(signed && signer()), node }), clock });
}

/** Lambda puts the role's credentials into the environment; they outlive the process they are given to. */
function signer() {
  return AwsSigv4Signer({
    region: setting("AWS_REGION"),
    service: "es",
    getCredentials: async () => ({
      accessKeyId: setting("AWS_ACCESS_KEY_ID"),
      secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
      sessionToken: setting("AWS_SESSION_TOKEN"),
    }),
  });
}
