import { createClient } from "@millrace/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addTenant } from "./client.ts";
import { freePort, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

/** Far more than a store answers at the same time. */
const HOSTILE = 40;
const EVENTS = 20_000;

/** One project does its worst with questions; another asks a little, and must not feel it. */
export function fairSharesCases(store: string, env: Record<string, string>): void {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;
  let others: Awaited<ReturnType<typeof addTenant>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder.path, await freePort(), env);
    await server.stop();
    others = await addTenant(folder.path, "Others");
    server = await startServer(folder.path, await freePort(), env);
  });
  afterAll(async () => {
    await server.kill();
    await folder.remove();
  });

  test(`${store}: a project that asks more than the store can answer is not felt by another`, async () => {
    const { url, project, readKey, writeKey } = server.demo;
    const hostile = createClient({ url, projectId: project, readKey, writeKey });
    const calm = createClient({ url, projectId: others.project, readKey: others.readKey, writeKey: others.writeKey });
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        user: `u${(from + i) % 5_000}`,
        n: from + i,
        tag: `t${(from + i) % 97}`,
      }));
    for (let from = 0; from < EVENTS; from += 2_000) await hostile.recordAll({ hits: rows(from, 2_000) });
    await calm.recordAll({ visits: rows(0, 2) });
    const countOf = async (client: typeof calm, collection: string) => {
      const found = await client.query("count", { event_collection: collection }).catch(() => ({ result: 0 }));
      return found.result;
    };
    await expect.poll(() => countOf(hostile, "hits"), { timeout: 60_000, interval: 500 }).toBe(EVENTS);
    await expect.poll(() => countOf(calm, "visits"), { timeout: 60_000, interval: 500 }).toBe(2);

    const analyses = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [
        `a${i}`,
        { analysis_type: "count_unique", target_property: i % 2 ? "user" : "n" } as const,
      ]),
    );
    let answered = 0;
    const asked = Array.from({ length: HOSTILE }, (_, i) =>
      hostile
        // Each another question, so that nothing is shared.
        .query("multi_analysis", {
          event_collection: "hits",
          group_by: "tag",
          analyses,
          filters: [{ property_name: "n", operator: "gte", property_value: i }],
        })
        .then(() => 200)
        .catch((error: { status?: number }) => error.status ?? 0)
        .finally(() => (answered += 1)),
    );
    const got: number[] = [];
    for (let i = 0; i < 5; i++) got.push((await calm.query("count", { event_collection: "visits" })).result);
    // Had they stood in one line with the others, they would have been answered last.
    const before = answered;
    expect(got).toEqual([2, 2, 2, 2, 2]);
    expect(before).toBeLessThan(HOSTILE / 2);
    for (const status of await Promise.all(asked)) expect([200, 429]).toContain(status);
  });
}
