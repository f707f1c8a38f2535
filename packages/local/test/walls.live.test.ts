import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { describeWalls } from "./walls.ts";

// The same strangers before OpenSearch, where the wall is a filter in the query and the projects share an index.
const url = process.env["OPENSEARCH_URL"];

test("there is an OpenSearch to ask", () => {
  expect(url, "OPENSEARCH_URL is not set: `npm test` starts a server").toBeTruthy();
});
describeWalls({ OPENSEARCH_URL: url ?? "http://127.0.0.1:1", OPENSEARCH_PREFIX: `walls-${randomUUID().slice(0, 8)}` });
