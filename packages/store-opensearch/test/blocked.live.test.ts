import { mintId } from "@millrace/core";
import { message, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startMeddlingProxy, type Meddler, type MeddlingProxy } from "./meddling-proxy.ts";
import { CLOCK, openSearchUrl, testStore } from "./support.ts";

// A fault of one partition stays there. Events of old times lie in `other`, the rest in this month.
let later = 0;
let bulks = 0;
/** How long each of them lets the server wait for a shard. */
let patience: (string | null)[] = [];
const clock = { now: () => CLOCK.now() + later };
let meddler: Meddler = {};
let proxy: MeddlingProxy;
let store: ReturnType<typeof testStore>;

beforeAll(async () => {
  proxy = await startMeddlingProxy(openSearchUrl(), () => meddler);
  store = testStore({ clock, connection: { node: proxy.url } });
  await store.prepare();
});
beforeEach(() => {
  bulks = 0;
  patience = [];
  // The breakers of the test before have closed again.
  later += 60_000;
  meddler = {
    before: (_method, path) => {
      if (!path.startsWith("/_bulk")) return undefined;
      bulks++;
      patience.push(new URLSearchParams(path.split("?")[1]).get("timeout"));
      return undefined;
    },
  };
});
afterAll(async () => {
  await store.remove();
  await store.close();
  await proxy.close();
});

const old = (project: string) => storedEvent({ project, id: mintId(Date.UTC(2001, 0), randomBytes(10)) });
const current = (project: string, count: number) =>
  message(project, ...Array.from({ length: count }, (_, n) => ({ n }))).map((event) => ({
    ...event,
    id: mintId(CLOCK.now(), randomBytes(10)),
  }));

async function settings(partition: string, body: object): Promise<void> {
  const answer = await fetch(`${openSearchUrl()}/${store.prefix}-events-g0-${partition}/_settings`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

/** Makes the index of `other` anew, of several shards if need be, with a primary that no node may have. */
async function loseShard(gone: object = { "index.routing.allocation.require._name": "nobody" }): Promise<void> {
  const alias = `${store.prefix}-events-g0-other`;
  const index = `${openSearchUrl()}/${alias}-v0002`;
  await fetch(index, { method: "DELETE" });
  const made = await fetch(`${index}?wait_for_active_shards=0`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      settings: gone,
      aliases: { [alias]: { is_write_index: true }, [`${store.prefix}-events`]: {} },
    }),
  });
  expect(made.status).toBe(200);
}

test("one event for a blocked partition: the other hundred are stored at once, and the partition is left alone for a while", async () => {
  const project = newProject();
  const late = old(project);
  await store.append([old(project)]);
  bulks = 0;
  await settings("other", { "index.blocks.write": true });
  const outcomes = await store.append([...current(project, 100), late], { deadline: clock.now() + 600_000 });
  expect(outcomes.slice(0, 100).every(({ kind }) => kind === "stored")).toBe(true);
  expect(outcomes[100]).toMatchObject({ kind: "retry", because: "blocked" });
  expect(bulks).toBe(3);
  // The breaker: nothing is asked of it again, and nobody else waits.
  bulks = 0;
  expect(await store.append([late])).toMatchObject([{ kind: "retry", because: "blocked" }]);
  expect(bulks).toBe(0);
  expect((await store.append([...current(project, 1), late])).map(({ kind }) => kind)).toEqual(["stored", "retry"]);
  expect(bulks).toBe(1);
  await settings("other", { "index.blocks.write": null });
  later += 31_000;
  expect(await store.append([late])).toEqual([{ kind: "stored" }]);
});

test("a partition that is blocked whole: nobody waits for it to the deadline", async () => {
  const project = newProject();
  await settings("other", { "index.blocks.write": true });
  const outcomes = await store.append([old(project), old(project)], { deadline: clock.now() + 600_000 });
  expect(outcomes).toMatchObject(Array(2).fill({ kind: "retry", because: "blocked" }));
  expect(bulks).toBe(3);
  await settings("other", { "index.blocks.write": null });
});

test("a shard that is gone holds a batch once, for seconds and not for a minute, and no later one", async () => {
  const project = newProject();
  await loseShard();
  const outcomes = await store.append([...current(project, 10), old(project)], { deadline: clock.now() + 600_000 });
  expect(outcomes.map(({ kind }) => kind)).toEqual([...Array<string>(10).fill("stored"), "retry"]);
  expect(outcomes[10]).toMatchObject({ because: "blocked" });
  expect(bulks).toBeLessThanOrEqual(3);
  bulks = 0;
  expect(await store.append([old(project)])).toMatchObject([{ kind: "retry", because: "blocked" }]);
  expect(bulks).toBe(0);
  await settings("other", { "index.routing.allocation.require._name": null });
});

test("of two shards one is gone: what is for the other is stored, and later batches hardly wait for it", async () => {
  const project = newProject();
  // The server has one node, which may have one of them.
  await loseShard({ number_of_shards: 2, "index.routing.allocation.total_shards_per_node": 1 });
  const many = () => Array.from({ length: 40 }, () => old(project));
  const kinds = (outcomes: readonly { kind: string }[]) => new Set(outcomes.map(({ kind }) => kind));
  const first = many();
  const outcomes = await store.append(first, { deadline: clock.now() + 600_000 });
  expect(kinds(outcomes)).toEqual(new Set(["stored", "retry"]));
  expect(patience[0]).toBe("5s");
  // One that is for the shard which is gone does not close the partition to the others.
  const waiting = first.filter((_, i) => outcomes[i]?.kind === "retry").slice(0, 1);
  expect(await store.append(waiting)).toMatchObject([{ kind: "retry", because: "blocked" }]);
  patience = [];
  expect(kinds(await store.append(many()))).toEqual(new Set(["stored", "retry"]));
  expect(patience).not.toEqual([]);
  expect(patience).toEqual(patience.map(() => "100ms"));
  await settings("other", { "index.routing.allocation.total_shards_per_node": null });
});

test("most of a batch turned away for load is back-pressure: it is tried again here until it is through", async () => {
  const project = newProject();
  const refusals = 6;
  meddler = {
    before: (_method, path) => {
      if (!path.startsWith("/_bulk") || bulks++ >= refusals) return undefined;
      return { status: 429, body: { error: { type: "rejected_execution_exception", reason: "full" } } };
    },
  };
  const outcomes = await store.append(current(project, 3), { deadline: clock.now() + 600_000 });
  expect(outcomes.map(({ kind }) => kind)).toEqual(["stored", "stored", "stored"]);
  expect(bulks).toBe(refusals + 1);
});
