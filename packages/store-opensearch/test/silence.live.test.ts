import { EVERY_KIND, message, newProject } from "@millrace/core/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startMeddlingProxy, type MeddlingProxy } from "./meddling-proxy.ts";
import { openSearchUrl, testStore } from "./support.ts";

// A server that takes questions and says nothing, behind which the real one keeps the snapshots that were made for them.
const store = testStore();
const project = newProject();
let reached = Promise.withResolvers<void>();
let proxy: MeddlingProxy;
let silent: ReturnType<typeof testStore>;

beforeAll(async () => {
  await store.prepare();
  await store.append(
    message(project, ...Array.from({ length: 60 }, (_, i) => ({ who: `u${i % 9}`, did: `d${i % 4}` }))),
  );
  await store.refresh();
  proxy = await startMeddlingProxy(openSearchUrl(), () => ({
    before: (_, path) => {
      if (!path.includes("/_search") || path.includes("point_in_time")) return undefined;
      reached.resolve();
      return "silence";
    },
  }));
  silent = testStore({ prefix: store.prefix, connection: { node: proxy.url } });
});
afterAll(async () => {
  await silent.close();
  await proxy.close();
  await store.remove();
  await store.close();
});

/** Contexts of snapshots on this store's shards: ever, and now. */
async function contexts(): Promise<{ total: number; current: number }> {
  const answer = await fetch(`${openSearchUrl()}/${store.prefix}-*/_stats/search`);
  const { _all } = (await answer.json()) as {
    _all: { primaries: { search: { point_in_time_total: number; point_in_time_current: number } } };
  };
  const { search } = _all.primaries;
  return { total: search.point_in_time_total, current: search.point_in_time_current };
}

const nothingOpen = () =>
  vi.waitFor(async () => expect((await contexts()).current).toBe(0), { timeout: 60_000, interval: 100 });

/** Questions about actors are asked of a snapshot from the first look on; the others of the newest state. */
const OF_A_SNAPSHOT: ReadonlySet<string> = new Set(["funnel", "ordered funnel", "retention", "paths"]);

describe.each(Object.entries(EVERY_KIND))("%s of which the server says nothing", (name, ask) => {
  test("ends with its time or when its reader leaves, and leaves nothing open on the server", async () => {
    const { total } = await contexts();
    await expect(ask(silent, project, { timeoutMs: 500 })).rejects.toMatchObject({ code: "QueryTimeout", status: 504 });
    await nothingOpen();

    reached = Promise.withResolvers();
    const controller = new AbortController();
    const reason = new Error("gone");
    const end = expect(ask(silent, project, { signal: controller.signal })).rejects.toBe(reason);
    await reached.promise;
    controller.abort(reason);
    await end;
    await nothingOpen();
    if (OF_A_SNAPSHOT.has(name)) expect((await contexts()).total).toBeGreaterThan(total);
  });
});
