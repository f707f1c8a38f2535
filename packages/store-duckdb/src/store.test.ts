import { mkdtempSync, rmSync, statSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { extractionPlan, message, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import type { DeleteOptions, DeleteWhere, EventStore, PropertyDeletion, StoredEvent } from "@millrace/core";
import { createDuckDbStore } from "./index.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-duckdb-"));
  path = join(directory, "events.duckdb");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const clock = { now: Date.now };
const open = (runRows?: number, time = clock) =>
  createDuckDbStore({ path, clock: time, ...(runRows !== undefined && { runRows }) });

async function count(store: EventStore, project: string): Promise<number> {
  const { rows } = await store.metric(metricPlan(project));
  return rows[0]?.values[0] as number;
}

async function tables(file: string): Promise<Map<string, number>> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const names = (await connection.runAndReadAll("SELECT table_name FROM duckdb_tables() ORDER BY 1")).getRowsJS();
  const found = new Map<string, number>();
  for (const [name] of names as [string][]) {
    const reader = await connection.runAndReadAll(`SELECT count(*) FROM "${name}"`);
    found.set(name, Number(reader.getRowsJS()[0]?.[0]));
  }
  connection.closeSync();
  instance.closeSync();
  return found;
}

test("requests have turns while many events are written", async () => {
  const store = await open();
  let turn = 0;
  const turns = setInterval(() => turn++, 0);
  const seen = new Set<number>();
  const events = message(newProject(), ...Array.from({ length: 600 }, (_, n) => ({ n }))).map((event) => ({
    ...event,
    // Read once, when its row is made; this slowly, so that a few hundred rows keep the thread for some time.
    get instance() {
      for (const until = performance.now() + 0.05; performance.now() < until;);
      seen.add(turn);
      return event.instance;
    },
  }));
  expect((await store.append(events)).every(({ kind }) => kind === "stored")).toBe(true);
  clearInterval(turns);
  expect(seen.size).toBeGreaterThan(1);
  await store.close();
});

test("a mass is appended in pieces, beside which somebody's few have their turn, and is answered as if it were one", async () => {
  const [hostile, other] = [newProject(), newProject()];
  const store = await open();
  const events = message(hostile, ...Array.from({ length: 3_000 }, (_, n) => ({ n })));
  const twice = { ...(events[2_900] as StoredEvent), id: (events[3] as StoredEvent).id };
  const order: string[] = [];
  const mass = store.append(events.with(2_900, twice)).finally(() => order.push("mass"));
  const few = store.append(message(other, { a: 1 })).finally(() => order.push("few"));
  expect(await few).toEqual([{ kind: "stored" }]);
  expect((await mass).map(({ kind }) => kind)).toEqual(events.map((_, at) => (at === 2_900 ? "duplicate" : "stored")));
  expect(order).toEqual(["few", "mass"]);
  expect(new Set((await store.append(events.slice(0, 2_900))).map(({ kind }) => kind))).toEqual(new Set(["own-retry"]));
  expect([await count(store, hostile), await count(store, other)]).toEqual([2_999, 1]);
  await store.close();
});

describe("a file", () => {
  test("keeps events and exceptions over close and open, and still knows their ids", async () => {
    const project = newProject();
    const events = message(project, { a: 1 }, { a: 2 });
    const first = await open();
    await first.append(events);
    await first.close();
    const second = await open();
    expect(await count(second, project)).toBe(2);
    expect((await second.append(events)).map(({ kind }) => kind)).toEqual(["own-retry", "own-retry"]);
    await second.close();
  });

  test("open in another process is refused with a message that says what to do", async () => {
    const other = await holdOpen(path);
    await expect(open()).rejects.toMatchObject({
      code: "ServiceUnavailable",
      message: expect.stringContaining("open in another process") as string,
    });
    await other.kill();
    const store = await open();
    await count(store, "p");
    await store.close();
    await (await holdOpen(path)).kill();
  });

  test("that cannot be made is an error that names it", async () => {
    await expect(
      createDuckDbStore({ path: join(directory, "no", "such", "place.duckdb"), clock }),
    ).rejects.toMatchObject({ code: "ServiceUnavailable", message: expect.stringContaining("place.duckdb") as string });
  });

  test("after close every call fails with a clear error, and closing twice is nothing", async () => {
    const store = await open();
    await store.close();
    await store.close();
    await expect(store.append(message("p", {}))).rejects.toMatchObject({ code: "ServiceUnavailable" });
    await expect(store.metric(metricPlan("p"))).rejects.toMatchObject({ code: "ServiceUnavailable" });
  });
});

describe("sorting the hot table away", () => {
  test("changes no answer and forgets no id, and the rows end up sorted in runs", async () => {
    const projects = [newProject(), newProject()];
    const store = await open(50);
    const all: StoredEvent[] = [];
    for (let i = 0; i < 12; i++) {
      const events = projects.flatMap((project) =>
        message(project, ...Array.from({ length: 5 }, (_, n) => ({ n, i }))),
      );
      all.push(...events);
      await store.append(events);
    }
    for (const project of projects) expect(await count(store, project)).toBe(60);
    expect(new Set((await store.append(all)).map(({ kind }) => kind))).toEqual(new Set(["own-retry"]));
    await store.close();

    const found = await tables(path);
    const runs = [...found].filter(([name]) => name.startsWith("events_run_"));
    expect(runs.length).toBeGreaterThan(0);
    expect([...found].filter(([name]) => name.startsWith("events_")).reduce((sum, [, rows]) => sum + rows, 0)).toBe(
      120,
    );
    const reopened = await open(50);
    for (const project of projects) expect(await count(reopened, project)).toBe(60);
    await reopened.close();
  });

  test("left half way by a killed process it is finished by the next one", async () => {
    const project = newProject();
    const first = await open();
    await first.append(message(project, {}, {}, {}));
    await first.close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const sql of ["DROP VIEW events", "ALTER TABLE events_hot RENAME TO events_full"]) await connection.run(sql);
    connection.closeSync();
    instance.closeSync();

    const second = await open();
    expect(await count(second, project)).toBe(3);
    await second.append(message(project, {}));
    await second.close();
    expect(await tables(path)).toEqual(
      new Map([
        ["events_hot", 1],
        ["events_run_000001", 3],
        ["exceptions", 0],
      ]),
    );
  });

  test("that fails is said, keeps nobody from writing or reading, and is made up for", async () => {
    const change = async (sql: string) => {
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      await connection.run(sql);
      connection.closeSync();
      instance.closeSync();
    };
    const project = newProject();
    await (await open()).close();
    // In the way of the run that would be made.
    await change("CREATE VIEW events_run_000001 AS SELECT 1");
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const first = await open(2);
    await first.append(message(project, {}, {}, {}));
    expect((await warned).message).toMatch(
      /^Sorting the newest events away failed and will be tried again: .*events_run_000001/,
    );
    await first.append(message(project, {}));
    expect(await count(first, project)).toBe(4);
    await first.close();

    await change("DROP VIEW events_run_000001");
    const second = await open(2);
    await second.append(message(project, {}));
    expect(await count(second, project)).toBe(5);
    await second.close();
    expect((await tables(path)).get("events_run_000001")).toBe(3);
  });

  test("a column that a newer version brought is added to old tables, old events having nothing in it", async () => {
    const project = newProject();
    const first = await open(2);
    await first.append(message(project, { a: 1 }, { a: 2 }));
    const end = { outcome: "duplicate", reason: "id", detail: "", raw: null } as const;
    const { batch, ordinal, collection, receivedAt } = storedEvent({ project });
    await first.recordExceptions([{ project, batch, ordinal, collection, receivedAt, ...end }]);
    await first.close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("ALTER TABLE exceptions DROP COLUMN count");
    await connection.run("DROP VIEW events");
    await connection.run("ALTER TABLE events_run_000001 DROP COLUMN geo_city");
    await connection.run("ALTER TABLE events_hot DROP COLUMN geo_city");
    connection.closeSync();
    instance.closeSync();

    const second = await open();
    await second.append([storedEvent({ project, context: { geo_city: "Kraków" } })]);
    const { rows } = await second.metric(metricPlan(project, { groupBy: ["$geo.city"] }));
    expect(new Map(rows.map((row) => [row.group[0], row.values[0]]))).toEqual(
      new Map([
        [null, 2],
        ["Kraków", 1],
      ]),
    );
    await second.recordExceptions([{ project, batch, ordinal: -1, collection, receivedAt, ...end, count: 5 }]);
    const outcomes = await second.outcomes({ project, from: 0, to: Number.MAX_SAFE_INTEGER });
    expect(outcomes.filter(({ outcome }) => outcome === "duplicate").map(({ count }) => count)).toEqual([6]);
    await second.close();
  });
});

describe("a deletion", () => {
  const everything = (project: string) => ({ project, receivedBefore: Number.MAX_SAFE_INTEGER });

  test("while the hot table is being sorted away: nothing comes back with the sorted run, nor with the next start", async () => {
    const [project, other] = [newProject(), newProject()];
    const store = await open(50);
    let deleted = 0;
    for (let i = 0; i < 6; i++) {
      await store.append(
        [project, other].flatMap((each) => message(each, ...Array.from({ length: 40 }, () => ({ i })))),
      );
      // The append above has begun a sort.
      deleted += (await store.deleteWhere(everything(project))).events;
    }
    expect(deleted).toBe(240);
    expect([await count(store, project), await count(store, other)]).toEqual([0, 240]);
    await store.close();
    const found = await tables(path);
    const rows = [...found].filter(([name]) => name.startsWith("events_")).reduce((sum, [, n]) => sum + n, 0);
    expect([rows, found.get("exceptions")]).toEqual([240, 240]);
    const again = await open(50);
    expect([await count(again, project), await again.countWhere(everything(other))]).toEqual([0, 240]);
    await again.close();
  });

  test("of a property goes piece by piece, beside a sort and appends, and stops at its deadline with what it has done", async () => {
    const [project, other] = [newProject(), newProject()];
    let now = 0;
    const store = await open(15_000, { now: () => now++ });
    const at = (of: string, n: number) => storedEvent({ project: of, timestamp: n, properties: { a: n } });
    const events = (of: string) => Array.from({ length: 25_000 }, (_, n) => at(of, n));
    await store.append(events(other).slice(0, 10));
    await store.append(events(project));
    const where = { project, collection: "visits", property: "a", receivedBefore: Number.MAX_SAFE_INTEGER };
    const having = async (of: string) => {
      const { rows } = await store.metric(metricPlan(of, { filter: { kind: "exists", field: "a" } }));
      return rows[0]?.values[0];
    };
    // The clock moves with each look at it: two pieces are in time.
    const first = await store.deleteProperty(where, { deadline: now + 2 });
    expect(first).toEqual({ events: 20_000, rejected: 0, complete: false });
    expect(await having(project)).toBe(5_000);
    const [rest] = await Promise.all([store.deleteProperty(where), store.append([at(other, 10)])]);
    expect(rest).toEqual({ events: 5_000, rejected: 0, complete: true });
    expect([await having(project), await count(store, project), await having(other)]).toEqual([0, 25_000, 11]);
    await store.close();
    const again = await open(15_000);
    const { rows } = await again.metric(metricPlan(project, { filter: { kind: "exists", field: "a" } }));
    expect([rows[0]?.values[0], await count(again, project)]).toEqual([0, 25_000]);
    await again.close();
  });

  test("leaves each event one end: what was recorded of its place before it was stored after all is replaced", async () => {
    const project = newProject();
    const store = await open();
    const event = storedEvent({ project });
    const { batch, ordinal, collection, receivedAt } = event;
    const end = { outcome: "rejected", reason: "mapping", detail: "", raw: "{}" } as const;
    await store.recordExceptions([{ project, batch, ordinal, collection, receivedAt, ...end }]);
    await store.append([event]);
    // Whoever stored it was stopped before the exception was taken back.
    expect(await store.deleteWhere(everything(project))).toMatchObject({ events: 1, rejected: 0 });
    const outcomes = await store.outcomes({ project, from: 0, to: Number.MAX_SAFE_INTEGER });
    expect(outcomes.map(({ outcome, count: n }) => [outcome, n])).toEqual([["deleted", 1]]);
    await store.close();
  });

  test("of a rejected event leaves nothing of its raw form", async () => {
    const project = newProject();
    const store = await open();
    const raw = JSON.stringify({
      collection: "visits",
      timestamp: 1,
      context: { visitor: "ada" },
      properties: { a: 1 },
    });
    const { batch, ordinal, collection, receivedAt } = storedEvent({ project });
    const end = { outcome: "rejected", reason: "too-large", detail: "" } as const;
    await store.recordExceptions([{ project, batch, ordinal, collection, receivedAt, raw, ...end }]);
    expect(await store.deleteWhere({ ...everything(project), visitor: "ada" })).toMatchObject({ rejected: 1 });
    await store.close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll("SELECT outcome, reason, raw FROM exceptions");
    expect(reader.getRowsJS()).toEqual([["deleted", "visitor", null]]);
    connection.closeSync();
    instance.closeSync();
  });
});

describe("an append", () => {
  test("past its deadline writes nothing and says retry; the same events are stored later", async () => {
    const store = await createDuckDbStore({ path: ":memory:", clock: { now: () => 1000 } });
    const project = newProject();
    const events = message(project, {}, {});
    expect((await store.append(events, { deadline: 1000 })).map(({ kind }) => kind)).toEqual(["retry", "retry"]);
    expect(await count(store, project)).toBe(0);
    expect((await store.append(events, { deadline: 1001 })).map(({ kind }) => kind)).toEqual(["stored", "stored"]);
    await store.close();
  });

  test("of events strewn over fifty years, sent again, stores none a second time", async () => {
    const store = await createDuckDbStore({ path: ":memory:", clock });
    const project = newProject();
    const id = (timeMs: number) => `${timeMs.toString(16).padStart(12, "0")}00000000`;
    // Ranges of their own have the fullest years; the others, 1970 among them, are looked for one by one.
    const events = Array.from({ length: 50 }, (_, year) =>
      [0, 1].slice(0, year < 10 ? 1 : 2).map((n) => [year, n]),
    ).flatMap((pairs) => pairs.map(([year = 0, n = 0]) => storedEvent({ project, id: id(year * 31_557_600_000 + n) })));
    const kinds = async () => new Set((await store.append(events)).map(({ kind }) => kind));
    expect([await kinds(), await kinds(), await count(store, project)]).toEqual([
      new Set(["stored"]),
      new Set(["own-retry"]),
      events.length,
    ]);
    await store.close();
  });

  test("with one event the columns cannot hold stores the others", async () => {
    const store = await open();
    const project = newProject();
    const [good, ...bad] = [
      storedEvent({ project }),
      { ...storedEvent({ project }), id: "not an id" },
      { ...storedEvent({ project }), timestamp: Number.NaN },
      { ...storedEvent({ project }), receivedAt: 1.5 },
      { ...storedEvent({ project }), ordinal: -1 },
    ];
    const outcomes = await store.append([...bad, good]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["rejected", "rejected", "rejected", "rejected", "stored"]);
    expect(await count(store, project)).toBe(1);
    await store.close();
  });
});

describe("a query", () => {
  test("past its time is stopped with QueryTimeout, and the store goes on", async () => {
    const store = await open();
    const project = newProject();
    await store.append(message(project, { a: 1 }));
    await expect(store.metric(metricPlan(project), { timeoutMs: 0 })).rejects.toMatchObject({ code: "QueryTimeout" });
    expect(await count(store, project)).toBe(1);
    await store.close();
  });

  test("given up by its caller ends with the caller's reason, also while it waits for its turn", async () => {
    const store = await open();
    const project = newProject();
    await store.append(message(project, ...Array.from({ length: 1500 }, (_, i) => ({ i, s: "x".repeat(200) }))));
    const controller = new AbortController();
    const reason = new Error("gone");
    const queries = Array.from({ length: 6 }, () =>
      store.extract(extractionPlan(project), { signal: controller.signal }),
    );
    const ends = Promise.allSettled(queries);
    controller.abort(reason);
    for (const end of await ends) expect(end).toEqual({ status: "rejected", reason });
    expect(await count(store, project)).toBe(1500);
    await store.close();
  });

  test("with numbers beyond a double says so instead of answering null", async () => {
    const store = await open();
    const project = newProject();
    await store.append(message(project, { n: 1.7e308, far: 1.7e308 }, { n: 1.7e308, far: -1.7e308 }));
    const asking = [
      { kind: "sum", field: "n" },
      { kind: "average", field: "n" },
      { kind: "standard_deviation", field: "far" },
    ] as const;
    for (const measure of asking) {
      const asked = store.metric(metricPlan(project, { measures: [measure] }));
      await expect(asked).rejects.toMatchObject({ code: "UnsupportedQueryError" });
    }
    await store.close();
  });
});

test("what a killed process left in the log is in the file after the next start, and not replayed by each one that follows", async () => {
  const other = await holdOpen(path);
  await other.kill();
  const left = statSync(`${path}.wal`).size;
  const store = await open();
  // Only what opening itself has written since.
  expect(statSync(`${path}.wal`).size).toBeLessThan(left);
  await store.close();
});

describe("kill -9 while appending", () => {
  test(
    "leaves every acknowledged event in the file, whole calls only, and no id can be stored a second time",
    { timeout: 120_000 },
    async () => {
      const project = newProject();
      const acknowledged = new Set<number>();
      for (let round = 0; round < 2; round++) {
        const child = child_("append-child.ts", [path, project, String(round)]);
        await new Promise<void>((resolve, reject) => {
          createInterface({ input: child.stdout }).on("line", (line) => {
            acknowledged.add(Number(line));
            if (acknowledged.size >= (round + 1) * 12) child.kill("SIGKILL");
          });
          child.on("exit", (_, signal) =>
            signal === "SIGKILL" ? resolve() : reject(new Error("The child ended by itself.")),
          );
        });
      }
      const store = await open();
      const { events } = await store.extract(extractionPlan(project));
      const stored = new Map<number, number>();
      for (const event of events) {
        const call = event.properties["call"] as number;
        stored.set(call, (stored.get(call) ?? 0) + 1);
      }
      for (const call of acknowledged) expect([call, stored.get(call)]).toEqual([call, 40]);
      // A commit is all or nothing, acknowledged or not.
      expect(new Set(stored.values())).toEqual(new Set([40]));
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      // The replayed log is known to the look-up: no id can be stored again.
      const again = events.map(({ id }) => storedEvent({ project, id }));
      expect(new Set((await store.append(again)).map(({ kind }) => kind))).toEqual(new Set(["duplicate"]));
      expect(await count(store, project)).toBe(events.length);
      await store.close();
    },
  );
});

function child_(file: string, args: readonly string[]) {
  const script = fileURLToPath(new URL(`../test/${file}`, import.meta.url));
  return spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Another process that has the file open until it is killed. */
async function holdOpen(file: string): Promise<{ kill: () => Promise<void> }> {
  const child = child_("hold-child.ts", [file]);
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => reject(new Error(`${file} could not be opened.`)));
  });
  return {
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

test("rejected events are read some megabytes at a time, until the deadline; what is left is left to the next time", async () => {
  let now = 0;
  // Each look at it takes a second.
  const store = await open(undefined, { now: () => (now += 1_000) });
  const project = newProject();
  const raw = JSON.stringify({
    collection: "c",
    properties: { n: 1, text: "x".repeat(890_000) },
    context: { visitor: "ada" },
  });
  const rejected = {
    project,
    collection: "c",
    outcome: "rejected",
    reason: "mapping",
    detail: "",
    receivedAt: 1,
  } as const;
  const wheres: readonly (DeleteWhere | PropertyDeletion)[] = [
    { project, collection: "c", property: "n", receivedBefore: 2 },
    { project, visitor: "ada", receivedBefore: 2 },
  ];
  for (const where of wheres) {
    await store.recordExceptions(
      Array.from({ length: 40 }, (_, ordinal) => ({ ...rejected, batch: "b", ordinal, raw })),
    );
    const erase = (options?: DeleteOptions) =>
      "property" in where ? store.deleteProperty(where, options) : store.deleteWhere(where, options);
    const first = await erase({ deadline: now + 3_000 });
    expect(first).toMatchObject({ events: 0, complete: false });
    expect(first.rejected).toBeGreaterThan(0);
    expect(first.rejected).toBeLessThan(40);
    expect(await erase()).toEqual({ events: 0, rejected: 40 - first.rejected, complete: true });
  }
  await store.close();
});
