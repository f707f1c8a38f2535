import {
  MillraceError,
  type DeleteOptions,
  type DeleteWhere,
  type PropertyDeletion,
  type StoredEvent,
} from "@millrace/core";
import { extractionPlan, message, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openSearchUrl, openStage, type testStore } from "./support.ts";

const DAY = 86_400_000;
const MARCH = Date.UTC(2026, 2, 10, 12);
/** A store whose clock can be moved, and a second process of the same store. */
function setUp() {
  const { open, prefix, moveTo } = openStage(MARCH);
  return { store: open(), open, prefix, moveTo };
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
  const names = ["g0-202603", "g0-202604", "g0-202605", "g0-other"].map((key) => `${prefix}-events-${key}-v0002`);
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
  expect(await indexes(prefix)).toContain(`${prefix}-events-g0-202607-v0002`);
  expect((await open().append([old])).map(({ kind }) => kind)).toEqual(["own-retry"]);
  expect(await count(store, project)).toBe(4);
});

test("a month that had begun before prepare ran is never given an index of its own", async () => {
  const { store, open, prefix, moveTo } = setUp();
  await store.prepare();
  moveTo(Date.UTC(2026, 7, 10));
  await open().prepare();
  const months = (await indexes(prefix)).map((name) => name.slice(`${prefix}-events-`.length, -6));
  expect(months).toEqual(["g0-202603", "g0-202604", "g0-202605", "g0-202609", "g0-202610", "g0-other"]);
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
  expect(await store.expire(Date.UTC(2026, 4, 1))).toEqual({ months: ["202603", "202604"], events: 2, complete: true });
  expect(await indexes(prefix)).not.toContain(`${prefix}-events-g0-202603-v0002`);
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
  expect(await indexes(prefix)).not.toContain(`${prefix}-events-g0-202603-v0002`);
  expect(await store.expire(Date.UTC(2026, 4, 1))).toEqual({ months: [], events: 0, complete: true });
});

test("rejected events are looked at until the deadline: what is left is left to the next time, and an erasure ends", async () => {
  const { open } = openStage(MARCH);
  let now = MARCH;
  // Each look at it takes a second.
  const store = open({ clock: { now: () => (now += 1_000) } });
  await store.prepare();
  const project = newProject();
  const rejected = { project, collection: "visits", outcome: "rejected", reason: "mapping", detail: "" } as const;
  const raw = JSON.stringify({ collection: "visits", properties: { n: 1 }, context: { visitor: "ada" } });
  const batch = randomUUID();
  const all = Array.from({ length: 200 }, (_, ordinal) => ({ ...rejected, batch, ordinal, receivedAt: MARCH, raw }));
  const wheres: readonly (DeleteWhere | PropertyDeletion)[] = [
    { project, collection: "visits", property: "n", receivedBefore: MARCH + 1 },
    { project, visitor: "ada", receivedBefore: MARCH + 1 },
  ];
  for (const where of wheres) {
    await store.recordExceptions(all);
    const erase = (options?: DeleteOptions) =>
      "property" in where ? store.deleteProperty(where, options) : store.deleteWhere(where, options);
    const first = await erase({ deadline: now + 8_000 });
    expect(first).toMatchObject({ events: 0, complete: false });
    expect(first.rejected).toBeGreaterThan(0);
    expect(first.rejected).toBeLessThan(200);
    expect(await erase()).toEqual({ events: 0, rejected: 200 - first.rejected, complete: true });
  }
});

test("exceptions go with the month their event was received in; their numbers stay, raw events do not", async () => {
  const { store, open, prefix, moveTo } = setUp();
  await store.prepare();
  const project = newProject();
  const end = { collection: "visits", detail: "", batch: randomUUID() } as const;
  const exceptions = Array.from({ length: 5 }, (_, ordinal) => ({
    ...end,
    project,
    ordinal,
    receivedAt: MARCH + ordinal,
    ...(ordinal < 3
      ? { outcome: "rejected" as const, reason: "mapping", raw: '{"secret":1}' }
      : { outcome: "duplicate" as const, reason: "id", raw: null }),
  }));
  await store.recordExceptions(exceptions);
  // Recorded once more it replaces itself; of a time that has no month it is kept apart.
  await open().recordExceptions([
    ...exceptions.slice(0, 2),
    { ...end, project, ordinal: 0, outcome: "duplicate", reason: "id", raw: null, batch: randomUUID(), receivedAt: 5 },
  ]);
  await store.refresh();
  const found = async (path: string) =>
    ((await (await fetch(`${openSearchUrl()}/${prefix}-${path}/_count`)).json()) as { count: number }).count;
  expect([await found("exceptions-202603"), await found("exceptions")]).toEqual([5, 6]);
  moveTo(Date.UTC(2026, 4, 5));
  for (let time = 0; time < 2; time++) await store.expire(Date.UTC(2026, 3, 1));
  await store.refresh();
  const outcomes = await store.outcomes({ project, from: MARCH - DAY, to: MARCH + DAY });
  expect(new Map(outcomes.map(({ outcome, count: n }) => [outcome, n]))).toEqual(
    new Map([
      ["duplicate", 2],
      ["rejected", 3],
    ]),
  );
  expect(outcomes).toHaveLength(2);
  const left = await (await fetch(`${openSearchUrl()}/${prefix}-exceptions/_search?size=100`)).text();
  expect(left).not.toContain("secret");
  expect((await store.health()).problems).toEqual([]);
});

test("retention of 'other' counts every old event, also those that an import brings later in the same hour, and again", async () => {
  const { store, moveTo } = setUp();
  await store.prepare();
  const project = newProject();
  const ancient = () => at(project, Date.UTC(2019, 1, 1), { receivedAt: MARCH });
  const first = [ancient(), ancient()];
  await store.append(first);
  expect((await store.expire(Date.UTC(2026, 0, 1))).events).toBe(2);
  await store.append([...first, ancient()]);
  moveTo(MARCH + DAY);
  expect((await store.expire(Date.UTC(2026, 0, 1))).events).toBe(3);
  await store.refresh();
  const outcomes = await store.outcomes({ project, from: MARCH - DAY, to: MARCH + DAY });
  expect(outcomes.map(({ outcome, count: n }) => [outcome, n])).toEqual([["expired", 3]]);
});

test("deleting reaches every partition, and many turns of events, each counted once", async () => {
  const { store } = setUp();
  await store.prepare();
  const [project, other] = [newProject(), newProject()];
  const times = [MARCH, MARCH - 400 * DAY, MARCH + 40 * DAY];
  const batch = randomUUID();
  const events = Array.from({ length: 5_200 }, (_, ordinal) =>
    at(project, times[ordinal % 3] as number, { batch, ordinal, receivedAt: MARCH }),
  );
  await store.append([...events, at(other, MARCH)]);
  expect(await store.deleteWhere({ project, receivedBefore: MARCH + 1 })).toMatchObject({ events: 5_200 });
  expect([await count(store, project), await count(store, other)]).toEqual([0, 1]);
  const outcomes = await store.outcomes({ project, from: MARCH - DAY, to: MARCH + DAY });
  expect(outcomes).toMatchObject([{ outcome: "deleted", reason: "project", count: 5_200 }]);
});

test("deleting stops at its deadline with what it has done, and the same call again does the rest", async () => {
  const { store, open, moveTo } = setUp();
  await store.prepare();
  const project = newProject();
  const where = { project, receivedBefore: MARCH + 1 };
  await store.append([at(project, MARCH, { receivedAt: MARCH })]);
  expect(await store.deleteWhere(where, { deadline: MARCH })).toEqual({ events: 0, rejected: 0, complete: false });
  moveTo(MARCH + DAY);
  expect(await open().deleteWhere(where)).toEqual({ events: 1, rejected: 0, complete: true });
});

test("deleting where nothing can be written takes nothing, says so, and can be done later; both ends agree then", async () => {
  const { store, prefix } = setUp();
  await store.prepare();
  const project = newProject();
  const where = { project, receivedBefore: MARCH + 1 };
  await store.append([at(project, MARCH, { receivedAt: MARCH })]);
  const block = (index: string, value: boolean | null) =>
    fetch(`${openSearchUrl()}/${index}/_settings`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ "index.blocks.write": value }),
    });
  await block(`${prefix}-events-g0-202603-v0002`, true);
  await expect(store.deleteWhere(where)).rejects.toMatchObject({ code: "ServiceUnavailable" });
  expect(await count(store, project)).toBe(1);
  await block(`${prefix}-events-g0-202603-v0002`, null);
  expect(await store.deleteWhere(where)).toMatchObject({ events: 1 });
  await store.refresh();
  const outcomes = await store.outcomes({ project, from: MARCH - DAY, to: MARCH + DAY });
  expect(outcomes.map(({ outcome, count: n }) => [outcome, n])).toEqual([["deleted", 1]]);
});

test("of a rejected event that is deleted nothing of its raw form is left, of hundreds of others everything", async () => {
  const { store, prefix } = setUp();
  await store.prepare();
  const project = newProject();
  const rejected = Array.from({ length: 220 }, (_, n) => {
    const { batch, ordinal, collection, receivedAt } = at(project, MARCH - (n % 7));
    const raw = JSON.stringify({ collection, timestamp: MARCH, context: { visitor: n % 2 ? "ada" : "bob" } });
    return {
      project,
      batch,
      ordinal,
      collection,
      receivedAt,
      raw,
      outcome: "rejected",
      reason: "mapping",
      detail: "",
    } as const;
  });
  await store.recordExceptions(rejected);
  const where = { project, visitor: "ada", receivedBefore: MARCH + 1 };
  expect(await store.deleteWhere(where)).toEqual({ events: 0, rejected: 110, complete: true });
  await store.refresh();
  const answer = await fetch(`${openSearchUrl()}/${prefix}-exceptions/_search?size=500`);
  const { hits } = (await answer.json()) as { hits: { hits: { _source: { outcome: string; raw: string | null } }[] } };
  const raws = hits.hits.map(
    ({ _source }) => `${_source.outcome} ${_source.raw === null ? "" : _source.raw.slice(-7)}`,
  );
  expect(raws.toSorted()).toEqual(
    [...Array(110).fill("deleted "), ...Array(110).fill('rejected "bob"}}')].map((text) => String(text)),
  );
});

test("a new version of the mapping while ingest goes on: nothing lost, nothing twice, never a wrong count", async () => {
  const { store, open, prefix } = setUp();
  await store.prepare();
  const project = newProject();
  const before = message(project, ...Array.from({ length: 300 }, (_, n) => ({ n, tags: ["a", n] })));
  await store.append(before.map((event) => ({ ...event, id: at(project, MARCH).id })));
  expect(await count(store, project)).toBe(300);

  let now = MARCH;
  const writer = open({ clock: { now: () => now } });
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
        const outcomes = await writer.append(left, { deadline: now + 200 }).catch(() => undefined);
        // As the queue would bring them: after the partition was left alone for a while.
        now += 31_000;
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
  const migrated = await store.migrate(3);
  migrating = false;
  await Promise.all(work);

  expect(migrated.map(({ partition }) => partition)).toEqual(["g0-202603", "g0-202604", "g0-202605", "g0-other"]);
  expect((await indexes(prefix)).every((name) => /-v0003-\w+$/.test(name))).toBe(true);
  expect(await count(store, project)).toBe(300 + sent.length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(300);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  const { events } = await store.extract(extractionPlan(project));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect((await open().append(sent)).every(({ kind }) => kind === "own-retry")).toBe(true);
  expect(await store.migrate(3)).toEqual([]);
});

test("health shows partitions, and indexes that cannot be written to", async () => {
  const { store, prefix } = setUp();
  await store.prepare();
  await store.append(message(newProject(), {}, {}));
  await store.refresh();
  const index = `${prefix}-events-g0-202603-v0002`;
  const healthy = await store.health();
  expect(healthy).toMatchObject({ blocked: [], problems: [], leftovers: [] });
  expect(healthy.partitions.map(({ index: name }) => name)).toContain(index);
  expect(healthy.partitions.reduce((sum, { events }) => sum + events, 0)).toBe(2);
  await fetch(`${openSearchUrl()}/${index}/_settings`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: '{"index.blocks.read_only_allow_delete": true}',
  });
  expect((await store.health()).blocked).toEqual([index]);
});

test("a cluster that was lost: begun months are made again only when somebody says so, and replayed events are stored", async () => {
  const { store, open, prefix } = setUp();
  await store.prepare();
  const project = newProject();
  const events = [at(project, MARCH), at(project, MARCH)];
  await store.append(events);
  await fetch(`${openSearchUrl()}/${prefix}-events-*,${prefix}-exceptions*`, { method: "DELETE" });
  // A new process: what the old one knew of the mapping died with the deploy.
  const fresh = open();
  await fresh.prepare();
  expect((await fresh.append(events).catch(retryable)) ?? []).not.toContainEqual({ kind: "stored" });
  await fresh.prepare({ remake: true });
  expect(await fresh.append(events)).toEqual([{ kind: "stored" }, { kind: "stored" }]);
  expect(await count(fresh, project)).toBe(2);
});
