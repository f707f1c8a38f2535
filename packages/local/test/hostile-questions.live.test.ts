import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { freePort, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";
import { hostileQuestions } from "./hostile-questions.ts";

// The same questions before OpenSearch, where actors are walked page by page.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;

beforeAll(async () => {
  const url = process.env["OPENSEARCH_URL"];
  if (!url) throw new Error("OPENSEARCH_URL is not set: `npm test` starts a server.");
  folder = await temporaryFolder();
  const prefix = `hostile-${randomUUID().slice(0, 8)}`;
  server = await startServer(folder.path, await freePort(), { OPENSEARCH_URL: url, OPENSEARCH_PREFIX: prefix });
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

hostileQuestions(() => server.demo);
