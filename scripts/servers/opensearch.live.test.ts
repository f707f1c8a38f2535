import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startOpenSearch } from "./opensearch.ts";

test("a node keeps its data over a crash, and stop leaves no process", { timeout: 400_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "millrace-opensearch-test-"));
  try {
    const first = await startOpenSearch({ dataDir, heap: "512m" });
    const put = await fetch(`${first.url}/kept/_doc/1?refresh=true`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: '{"a":1}',
    });
    expect(put.status).toBe(201);
    await first.kill();
    expect(() => process.kill(first.pid, 0)).toThrow("ESRCH");

    const second = await startOpenSearch({ dataDir, heap: "512m" });
    expect((await fetch(`${second.url}/kept/_doc/1`)).status).toBe(200);
    await second.stop();
    await expect(fetch(second.url)).rejects.toThrow("fetch failed");
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
