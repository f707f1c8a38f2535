import { describeExecutionsContract } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { createOpenSearchExecutions } from "../src/index.ts";
import { openSearchUrl } from "./support.ts";

describeExecutionsContract({
  name: "OpenSearch",
  create: async () => {
    const prefix = `test-${randomBytes(5).toString("hex")}`;
    const node = openSearchUrl();
    const executions = createOpenSearchExecutions({ connection: { node }, prefix, visibleAtOnce: true });
    await executions.prepare();
    return {
      ...executions,
      async close() {
        await executions.expire({ before: Number.MAX_SAFE_INTEGER, maxBytes: 0 });
        await fetch(`${node}/_index_template/${prefix}-executions`, { method: "DELETE" });
        await executions.close();
      },
    };
  },
});
