import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { fairSharesCases } from "./fair-shares.ts";

const url = process.env["OPENSEARCH_URL"];

test("there is an OpenSearch to ask", () => {
  expect(url, "OPENSEARCH_URL is not set: `npm test` starts a server").toBeTruthy();
});
fairSharesCases("OpenSearch", {
  OPENSEARCH_URL: url ?? "http://127.0.0.1:1",
  OPENSEARCH_PREFIX: `fair-${randomUUID().slice(0, 8)}`,
});
