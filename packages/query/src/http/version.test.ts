import { createMemoryVersions } from "@millrace/access";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let versions: ReturnType<typeof createMemoryVersions>;
let t: TestApp;
let asked: number;
beforeAll(async () => {
  versions = createMemoryVersions({ clock: { now: Date.now }, start: "run" });
  asked = 0;
  t = await createTestApp((deps) => ({
    ...deps,
    versions,
    source: {
      metric: (...plan) => (asked++, deps.source.metric(...plan)),
      extract: (...plan) => (asked++, deps.source.extract(...plan)),
      funnel: (...plan) => (asked++, deps.source.funnel(...plan)),
      orderedFunnel: (...plan) => (asked++, deps.source.orderedFunnel(...plan)),
      retention: (...plan) => (asked++, deps.source.retention(...plan)),
      paths: (...plan) => (asked++, deps.source.paths(...plan)),
      outcomes: (...query) => (asked++, deps.source.outcomes(...query)),
    },
  }));
});
afterAll(() => t.close());

const version = (headers: Record<string, string> = {}) =>
  t.app.request(`${t.shop.url}/version`, { headers: { Authorization: t.shop.readKey, ...headers } });

test("changes with what is stored of this project, and asks nothing of the store", async () => {
  const first = await version();
  expect([first.status, first.headers.get("etag")]).toEqual([200, '"run.0"']);
  expect(await first.json()).toEqual({ version: "run.0", settled: true });
  await versions.moved(["somebody else"]);
  expect((await version({ "If-None-Match": '"run.0"' })).status).toBe(304);
  await versions.moved([t.shop.id]);
  const moved = await version({ "If-None-Match": 'W/"x", "run.0"' });
  expect([moved.status, moved.headers.get("etag")]).toEqual([200, '"run.2"']);
  expect(asked).toBe(0);
});

test("a page of another origin may read its ETag; a stranger may not read it at all", async () => {
  expect((await version()).headers.get("access-control-expose-headers")).toContain("ETag");
  expect((await version({ Authorization: t.shop.writeKey })).status).toBe(401);
});
