import { createSqliteRegistry } from "@millrace/access";
import { MillraceError, type StoredEvent } from "@millrace/core";
import { extractionPlan, message, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { openSearchUrl, testStore } from "./support.ts";

const DAY = 86_400_000;
const MARCH = Date.UTC(2026, 2, 10, 12);
const used: { close(): Promise<void>; remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const store of used.splice(0)) {
    await store.remove();
    await store.close();
  }
});

/** A store whose clock can be moved, and a second process of the same store. */
function setUp() {
  let now = MARCH;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const prefix = `test-${randomBytes(5).toString("hex")}`;
  const open = () => {
    const store = testStore({ registry, clock, prefix });
    used.push(store);
    return store;
  };
  return { store: open(), open, prefix, moveTo: (time: number) => (now = time) };
}

const at = (project: string, timestamp: number, rest: Partial<StoredEvent> = {}): StoredEvent =>
  storedEvent({ project, timestamp, ...rest });

async function indexes(prefix: string): Promise<string[]> {
  const listed = await (await fetch(`${openSearchUrl()}/_cat/indices/${prefix}-events*?h=index`)).text();
  return listed.split("\n").filter(Boolean).sort();
}

async function count(store: ReturnType<typeof testStore>, project: string): Promise<number> {
  await store.refresh();
  return (await store.metric(metricPlan(project))).rows[0]?.values[0] as number;
}

function retryable(thrown: unknown): undefined {
  if (!(thrown instanceof MillraceError && thrown.retry)) throw thrown;
}

test("nothing is written before the store is prepared, and a write makes no index", async () => {
  const { store, prefix } = setUp();
  await expect(store.append(message(newProject(), {}))).rejects.toMatchObject({ code: "ServiceUnavailable" });
  expect(await indexes(prefix)).toEqual([]);
});

test("months are made ahead and by prepare alone; what has none goes to 'other' and stays there", async () => {
  const { store, open, prefix, moveTo } = setUp();
  await Promise.all([store.prepare(), open().prepare()]);
  const names = ["202603", "202604", "202605", "other"].map((key) => `${prefix}-events-${key}-v0001`);
  expect(await indexes(prefix)).toEqual(names);
  const project = newProject();
  const old = at(project, Date.UTC(2020, 0, 1));
  const far = at(project, Date.UTC(2026, 6, 1));
  const all = [old, at(project, MARCH), at(project, Date.UTC(2026, 4, 31, 23, 59)), far];
  expect((await store.append(all)).map(({ kind }) => kind)).toEqual(["stored", "stored", "stored", "stored"]);
  expect(await indexes(prefix)).toEqual(names);
  // Two months later June to August are there, but neither January 2020 nor a month that had begun before it was made.
  moveTo(MARCH + 61 * DAY);
  await open().prepare();
  expect(await indexes(prefix)).toContain(`${prefix}-events-202607-v0001`);
  expect((await open().append([old])).map(({ kind }) => kind)).toEqual(["own-retry"]);
  expect(await count(store, project)).toBe(4);
});

test("a month that had begun before prepare ran is never given an index of its own", async () => {
  const { store, open, prefix, moveTo } = setUp();
  await store.prepare();
  moveTo(Date.UTC(2026, 7, 10));
  await open().prepare();
  const months = (await indexes(prefix)).map((name) => name.slice(`${prefix}-events-`.length, -6));
  expect(months).toEqual(["202603", "202604", "202605", "202609", "202610", "other"]);
});

test("retention drops whole months and old events of 'other'; a late retry is expired, not stored again", async () => {
  const { store, open, prefix, moveTo } = setUp();
  await store.prepare();
  const project = newProject();
  const march = at(project, MARCH);
  const may = at(project, Date.UTC(2026, 4, 2));
  const ancient = at(project, Date.UTC(2019, 1, 1));
  await store.append([march, may, ancient]);
  moveTo(Date.UTC(2026, 4, 5));
  expect(await store.expire(Date.UTC(2026, 4, 1))).toEqual({ months: ["202603", "202604"], events: 2 });
  expect(await indexes(prefix)).not.toContain(`${prefix}-events-202603-v0001`);
  expect(await count(store, project)).toBe(1);
  const outcomes = await store.outcomes({ project, from: 0, to: Date.UTC(2027, 0, 1) });
  expect(outcomes.map(({ outcome, reason, count: n }) => [outcome, reason, n])).toEqual([
    ["expired", "retention", 1],
    ["expired", "retention", 1],
    ["stored", null, 1],
  ]);
  expect((await open().append([march, may])).map(({ kind }) => kind)).toEqual(["expired", "own-retry"]);
  // A month that is gone is not made again.
  await store.prepare();
  expect(await indexes(prefix)).not.toContain(`${prefix}-events-202603-v0001`);
  expect(await store.expire(Date.UTC(2026, 4, 1))).toEqual({ months: [], events: 0 });
});

test("deleting takes exactly one visitor's, one collection's or one span's events of one project", async () => {
  const { store } = setUp();
  await store.prepare();
  const [project, other] = [newProject(), newProject()];
  const ada = { context: { visitor: "ada" } };
  await store.append([
    at(project, MARCH, ada),
    at(project, MARCH - 400 * DAY, ada),
    at(project, MARCH, { ...ada, receivedAt: MARCH + DAY }),
    at(project, MARCH, { context: { visitor: "bob" } }),
    at(project, MARCH, { collection: "clicks" }),
    at(other, MARCH, ada),
  ]);
  const receivedBefore = MARCH + 1;
  expect(await store.deleteWhere({ project, visitor: "nobody", receivedBefore })).toBe(0);
  // Not refreshed in between: what was written a moment ago is deleted too.
  expect(await store.deleteWhere({ project, visitor: "ada", receivedBefore })).toBe(2);
  expect(await count(store, project)).toBe(2);
  expect(await store.deleteWhere({ project, collection: "clicks", receivedBefore })).toBe(1);
  expect(await store.deleteWhere({ project, from: MARCH, to: MARCH + 1, receivedBefore })).toBe(1);
  expect(await count(store, project)).toBe(1);
  expect(await count(store, other)).toBe(1);
  const outcomes = await store.outcomes({ project, from: 0, to: MARCH + 2 * DAY });
  const deleted = outcomes.filter(({ outcome }) => outcome === "deleted");
  expect(deleted.reduce((sum, row) => sum + row.count, 0)).toBe(4);
  expect(new Set(deleted.map(({ reason }) => reason))).toEqual(new Set(["visitor", "collection", "span"]));
});

test("a new version of the mapping while ingest goes on: nothing lost, nothing twice, never a wrong count", async () => {
  const { store, open, prefix } = setUp();
  await store.prepare();
  const project = newProject();
  const before = message(project, ...Array.from({ length: 300 }, (_, n) => ({ n, tags: ["a", n] })));
  await store.append(before.map((event) => ({ ...event, id: at(project, MARCH).id })));
  expect(await count(store, project)).toBe(300);

  const writer = open();
  const sent: StoredEvent[] = [];
  const counts: number[] = [];
  let migrating = true;
  const ingest = async () => {
    for (let n = 0; migrating || n < 3; n++) {
      const events = message(project, { n: 1000 + n, [`new_${n % 5}`]: n }).map((e) => ({
        ...e,
        id: at(project, MARCH).id,
      }));
      sent.push(...events);
      let left = events;
      while (left.length > 0) {
        const outcomes = await writer.append(left, { deadline: MARCH + 200 }).catch(() => undefined);
        if (outcomes) left = left.filter((_, i) => outcomes[i]?.kind === "retry");
      }
    }
  };
  const watch = async () => {
    while (migrating) {
      // A query that meets the very end of an old index fails and may be asked again; it never answers with less.
      const answer = await store.metric(metricPlan(project)).catch(retryable);
      if (answer) counts.push(answer.rows[0]?.values[0] as number);
    }
  };
  const work = [ingest(), watch()];
  const migrated = await store.migrate(2);
  migrating = false;
  await Promise.all(work);

  expect(migrated.map(({ partition }) => partition)).toEqual(["202603", "202604", "202605", "other"]);
  expect((await indexes(prefix)).every((name) => name.endsWith("-v0002"))).toBe(true);
  expect(await count(store, project)).toBe(300 + sent.length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(300);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  const { events } = await store.extract(extractionPlan(project));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect((await open().append(sent)).every(({ kind }) => kind === "own-retry")).toBe(true);
  expect(await store.migrate(2)).toEqual([]);
}, 60_000);

test("health shows partitions, and indexes that cannot be written to", async () => {
  const { store, prefix } = setUp();
  await store.prepare();
  await store.append(message(newProject(), {}, {}));
  await store.refresh();
  const index = `${prefix}-events-202603-v0001`;
  const healthy = await store.health();
  expect(healthy.blocked).toEqual([]);
  expect(healthy.partitions.map(({ index: name }) => name)).toContain(index);
  expect(healthy.partitions.reduce((sum, { events }) => sum + events, 0)).toBe(2);
  await fetch(`${openSearchUrl()}/${index}/_settings`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: '{"index.blocks.read_only_allow_delete": true}',
  });
  expect((await store.health()).blocked).toEqual([index]);
});
