import { createDynamoRegistry } from "@millrace/access";
import { PROPERTY_QUOTA } from "@millrace/core";
import { createOpenSearchStore } from "@millrace/store-opensearch";
import { afterAll, beforeAll } from "vitest";
import { newTable } from "../../access/src/registry/dynamodb-testing.ts";
import { describeKeptAnswers } from "../../query/test/kept-scenario.ts";
import { createTestApp, type TestApp } from "../../query/test/setup.ts";
import { serverUrl } from "./server-url.ts";

// Kept answers as on AWS: events in OpenSearch, answers in DynamoDB.
const node = serverUrl("OPENSEARCH_URL");
const prefix = `kept-${Date.now().toString(36)}`;
let t: TestApp;

beforeAll(async () => {
  t = await createTestApp(
    (deps) => deps,
    PROPERTY_QUOTA,
    async (clock) => {
      const registry = createDynamoRegistry({ ...(await newTable()), clock, budgetMs: 10_000 });
      const store = createOpenSearchStore({ connection: { node }, registry, clock, prefix, replicas: 0 });
      await store.prepare();
      return { registry, store, refresh: () => store.refresh() };
    },
  );
});

afterAll(async () => {
  const indexes = ["events", "exceptions"].map((name) => `${prefix}-${name}*`).join(",");
  const listed = await fetch(`${node}/_cat/indices/${indexes}?h=index`);
  await fetch(`${node}/${(await listed.text()).split("\n").filter(Boolean).join(",")}`, { method: "DELETE" });
  await fetch(`${node}/_index_template/${prefix}-*`, { method: "DELETE" });
  await t.close();
});

describeKeptAnswers(() => t);
