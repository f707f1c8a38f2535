import { createSqliteRegistry } from "@millrace/access";
import { metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { startMeddlingProxy, type Meddler } from "./meddling-proxy.ts";
import { openSearchUrl, testStore } from "./support.ts";

const MARCH = Date.UTC(2026, 2, 10, 12);
const MINUTES_10 = 600_000;
const used: { close(): Promise<void>; remove?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of used.splice(0)) {
    await each.remove?.();
    await each.close();
  }
});

/** A store with events of one month, and processes that reach it through proxies. */
async function setUp(count: number) {
  let now = MARCH;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const prefix = `test-${randomBytes(5).toString("hex")}`;
  const open = (node = openSearchUrl()) => {
    const store = testStore({ registry, clock, prefix, connection: { node } });
    used.push({ close: () => store.close() });
    return store;
  };
  const behind = async (meddler: Meddler) => {
    const proxy = await startMeddlingProxy(openSearchUrl(), () => meddler);
    used.unshift(proxy);
    return open(proxy.url);
  };
  const store = open();
  used.push({ close: async () => undefined, remove: () => store.remove() });
  await store.prepare();
  const project = newProject();
  const events = Array.from({ length: count }, (_, n) =>
    storedEvent({ project, timestamp: MARCH, properties: { n: n % 10 } }),
  );
  await store.append(events);
  const stored = async () => {
    await store.refresh();
    return (await store.metric(metricPlan(project))).rows[0]?.values[0];
  };
  const march = `${prefix}-events-g0-202603`;
  return { store, open, behind, stored, march, events, sleep: (ms: number) => (now += ms) };
}

async function indexesOf(partition: string): Promise<string[]> {
  const listed = await (await fetch(`${openSearchUrl()}/_cat/indices/${partition}-*?h=index`)).text();
  return listed.split("\n").filter(Boolean).sort();
}

/** Copies that the server is making into indexes of a partition. */
async function copiesInto(partition: string): Promise<number> {
  const listed = await fetch(`${openSearchUrl()}/_tasks?actions=*reindex&detailed=true`);
  return (await listed.text()).split(` to [${partition}`).length - 1;
}

test("two at once: the second is refused and changes nothing, the first ends with every event", async () => {
  const { store, behind, stored } = await setUp(300);
  let second: Promise<unknown> | undefined;
  const first = await behind({
    before: async (_, path) => {
      // The worst moment: what was copied has been counted, and is about to take the place of the original.
      if (path.startsWith("/_aliases")) second ??= store.migrate(3).catch((thrown: Error) => thrown.message);
      await second;
      return undefined;
    },
  });
  await first.migrate(3);
  expect(await second).toContain("A migration is already running since 2026-03-10T12:00:00.000Z");
  expect(await stored()).toBe(300);
});

test("one that slept through its lock while another did the work loses nothing when it goes on", async () => {
  const { store, behind, stored, march, sleep } = await setUp(300);
  let other: Promise<unknown> | undefined;
  const sleeper = await behind({
    before: async (_, path) => {
      if (!path.startsWith("/_aliases") || other) return undefined;
      sleep(MINUTES_10);
      other = store.migrate(3).catch((thrown: Error) => thrown);
      await other;
      return undefined;
    },
  });
  await expect(sleeper.migrate(3)).rejects.toThrow();
  expect(await other).toHaveLength(4);
  expect(await stored()).toBe(300);
  expect(await indexesOf(march)).toHaveLength(1);
});

test("a gateway that cuts every long request does not stop it", async () => {
  const { behind, stored, march } = await setUp(300);
  const store = await behind({
    after: (_, path) =>
      path.startsWith("/_reindex") && !path.includes("wait_for_completion=false")
        ? { status: 504, body: "<html>Gateway Time-out</html>" }
        : undefined,
  });
  await store.migrate(3);
  expect(await stored()).toBe(300);
  expect(await indexesOf(march)).toEqual([expect.stringMatching(/-v0003-\w+$/)]);
});

test("a copy of which the server knows nothing any more has failed: it is stopped, taken away, and writing goes on", async () => {
  const { store, behind, stored, march, events } = await setUp(2_200);
  const gone = {
    status: 404,
    body: { error: { type: "resource_not_found_exception", reason: "task isn't running" } },
  };
  let copies = 0;
  const unlucky = await behind({
    before: async (method, path) => {
      if (method !== "GET" || !/^\/_tasks\/./.test(path)) return undefined;
      copies = await copiesInto(march);
      return gone;
    },
    // So slow that it would go on for half an hour.
    onward: (path) => (path.startsWith("/_reindex") ? `${path}&requests_per_second=1` : path),
  });
  await expect(unlucky.migrate(3)).rejects.toThrow("its node was restarted");
  expect(copies).toBe(1);
  expect(await copiesInto(march)).toBe(0);
  expect(await indexesOf(march)).toEqual([`${march}-v0002`]);
  expect((await store.append(events.slice(0, 5))).map(({ kind }) => kind)).toEqual(Array(5).fill("own-retry"));
  expect(await stored()).toBe(2_200);
});

test("the next one stops the copy that a killed one had begun, and takes away what it left", async () => {
  const { store, behind, stored, march, sleep } = await setUp(2_200);
  let seen = () => {};
  const looked = new Promise<void>((resolve) => (seen = resolve));
  const killed = await behind({
    before: (method, path) => {
      if (method !== "GET" || !/^\/_tasks\/./.test(path)) return undefined;
      seen();
      return "silence";
    },
    onward: (path) => (path.startsWith("/_reindex") ? `${path}&requests_per_second=1` : path),
  });
  const never = killed.migrate(3).then(
    () => undefined,
    () => undefined,
  );
  await looked;
  await expect(store.migrate(3)).rejects.toThrow("already running");
  sleep(MINUTES_10);
  await store.migrate(3);
  expect(await copiesInto(march)).toBe(0);
  expect(await stored()).toBe(2_200);
  expect(await indexesOf(march)).toHaveLength(1);
  // It ends once its line does.
  used.push({ close: () => never });
});

test("step by step: a call whose time is over leaves the copy to the store, and the next ones end it, one partition each", async () => {
  const { store, stored, march, events } = await setUp(2_200);
  const first = await store.migrateStep(0, 3);
  expect(first).toEqual({ migrated: [], copying: expect.any(String), done: false });
  const partitions: string[] = [];
  for (let step = first; !step.done; step = await store.migrateStep(MARCH + MINUTES_10, 3)) {
    expect(step.migrated.length).toBeLessThan(2);
    partitions.push(...step.migrated.map(({ partition }) => partition));
  }
  expect(partitions).toHaveLength(4);
  expect(await stored()).toBe(2_200);
  expect(await indexesOf(march)).toEqual([expect.stringMatching(/-v0003-\w+$/)]);
  // The partition takes events again.
  expect(await store.append(events.slice(0, 1))).toEqual([{ kind: "own-retry" }]);
});
