import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MetricPlan, StoredEvent } from "@millrace/core";
import { metricPlan, storedEvent } from "@millrace/core/contract";
import { appendCalls } from "../append.ts";
import { deleteEvents } from "../delete.ts";
import { openDriver, type Driver, type Read } from "../driver.ts";
import { HOT, prepareTables } from "../tables.ts";
import { createKeptParts, touchedAll, touchedBy, type KeptParts } from "./index.ts";

const [MINUTE, DAY] = [60_000, 86_400_000];
const START = Date.UTC(2026, 2, 1);
const DAYS = 6;

/** Visitors of a number of days, by day or in all. */
const asked = (days = DAYS, more: Parameters<typeof metricPlan>[1] = {}) =>
  metricPlan("p", {
    measures: [{ kind: "count_unique", field: "$visitor" }],
    timeframe: { kind: "absolute", start: START, end: START + days * DAY },
    ...more,
  });
const DAILY = { interval: { kind: "calendar", unit: "day" } } as const;
const seen = (day: number, visitor: string, more: Partial<Omit<StoredEvent, "flat">> = {}) =>
  storedEvent({ project: "p", timestamp: START + day * DAY + MINUTE, context: { visitor }, ...more });

describe("what is kept of a question", () => {
  let driver: Driver;
  let kept: KeptParts;
  let now = START;
  /** The statements that were run, and what is done before the next one is. */
  let statements: string[] = [];
  let beforeNext: (() => Promise<unknown>) | undefined;

  const keeping = (maxBytes = 10_000_000): KeptParts =>
    createKeptParts({
      maxBytes,
      clock: { now: () => now },
      snapshot: (work, options) =>
        driver.snapshot((read) => {
          const told: Read = async (statement, run) => {
            const before = beforeNext;
            beforeNext = undefined;
            await before?.();
            statements.push(statement.sql);
            return read(statement, run);
          };
          return work(told);
        }, options),
    });
  const append = (...events: StoredEvent[]) =>
    kept.during(touchedBy(events), () => driver.write((connection) => appendCalls(connection, [events], HOT)));
  const ask = async (plan: MetricPlan, of = kept) =>
    of.snapshot(async (reader) => {
      statements = [];
      const result = await reader.answer(plan, { project: plan.project });
      return result?.rows.toSorted((a, b) => a.bucket - b.bucket).map(({ values }) => values[0]);
    });
  /** Those that have read events: one statement fixes the moment where there is nothing to read. */
  const reads = () => statements.filter((sql) => sql.includes("FROM events"));

  beforeEach(async () => {
    driver = await openDriver({ path: ":memory:", threads: 1 });
    await driver.write(prepareTables);
    now = START;
    beforeNext = undefined;
    kept = keeping();
    await append(...["u", "v", "u", "w", "u", "v"].map((visitor, day) => seen(day, visitor)));
  });
  afterEach(() => driver.close());

  test("is not read again, nor for another range of the same days, nor for their chart", async () => {
    expect(await ask(asked())).toEqual([3]);
    expect(reads().length).toBeGreaterThan(0);
    expect(statements).toEqual(reads());
    expect(await ask(asked())).toEqual([3]);
    expect([reads(), statements.length]).toEqual([[], 1]);
    expect(await ask(asked(3))).toEqual([2]);
    expect(await ask(asked(DAYS, DAILY))).toEqual([1, 1, 1, 1, 1, 1]);
    expect(reads()).toEqual([]);
  });

  test("is another one for another question, project and column of time", async () => {
    await ask(asked());
    const filter = { kind: "eq", field: "$visitor", value: "u" } as const;
    expect(await ask(asked(DAYS, { filter }))).toEqual([1]);
    expect(await ask(asked(DAYS, { time: "visit_start" }))).toEqual([0]);
    expect(await ask({ ...asked(), project: "other" })).toEqual([0]);
    expect(await ask(asked())).toEqual([3]);
  });

  test("is read again of the days alone of which something came, also when it came late", async () => {
    await ask(asked());
    await append(seen(DAYS - 1, "x"), seen(1, "y"), seen(2, "z", { project: "other" }));
    expect(await ask(asked())).toEqual([5]);
    expect(reads().map((sql) => sql.match(/"timestamp" >= (\d+)/)?.[1])).toEqual([
      String(START + DAY),
      String(START + (DAYS - 1) * DAY),
    ]);
    expect(await ask(asked())).toEqual([5]);
    expect(reads()).toEqual([]);
  });

  test("is all read again after a deletion", async () => {
    await ask(asked());
    const where = { project: "p", visitor: "w", receivedBefore: START + 99 * DAY };
    await kept.during(touchedAll("p"), () => driver.write((connection) => deleteEvents(connection, where)));
    expect(kept.bytes).toBe(0);
    expect(await ask(asked())).toEqual([2]);
  });

  test("is not of a commit that runs, which may be seen or not", async () => {
    await ask(asked());
    const late = [seen(1, "x")];
    const gate = Promise.withResolvers<void>();
    const commit = kept.during(touchedBy(late), async () => {
      await driver.write((connection) => appendCalls(connection, [late], HOT));
      await gate.promise;
    });
    expect([3, 4]).toContain((await ask(asked()))?.[0]);
    gate.resolve();
    await commit;
    expect(await ask(asked())).toEqual([4]);
    expect(reads()).toHaveLength(1);
  });

  test("of a commit between the look at what is kept and the first statement there is all or nothing", async () => {
    await ask(asked());
    await append(seen(DAYS - 1, "x"));
    // Found are all days but the last one, and before that is read both come.
    const both = [seen(0, "y"), seen(DAYS - 1, "z")];
    const plan = asked();
    const answer = await kept.snapshot(async (reader) => {
      beforeNext = () => append(...both);
      return reader.answer(plan, { project: "p" });
    });
    expect(answer?.rows[0]?.values).toEqual([6]);
    expect(await ask(plan)).toEqual([6]);
  });

  test("a snapshot takes nothing that came after it, and keeps nothing that has changed since", async () => {
    const counts = await kept.snapshot(async (reader) => {
      const count = async () => (await reader.answer(asked(), { project: "p" }))?.rows[0]?.values[0];
      const first = await count();
      await append(seen(1, "x"));
      expect(await ask(asked())).toEqual([4]);
      return [first, await count()];
    });
    expect(counts).toEqual([3, 3]);
    expect(await ask(asked())).toEqual([4]);
  });

  test("what a snapshot has read is nothing to the one that follows a failure in it", async () => {
    // What is touched all the time is remembered by its snapshot alone.
    const gate = Promise.withResolvers<void>();
    const last = [seen(DAYS - 1, "x")];
    const counts = await kept.snapshot(async (reader) => {
      const commit = kept.during(touchedBy(last), () => gate.promise);
      const count = async () => (await reader.answer(asked(), { project: "p" }))?.rows[0]?.values[0];
      const first = await count();
      gate.resolve();
      await commit;
      await append(...last);
      const second = await count();
      await expect(reader.read({ sql: "SELECT nothing", values: [], types: [] })).rejects.toThrow();
      return [first, second, await count()];
    });
    expect(counts).toEqual([3, 3, 4]);
  });

  test("has a limit, beyond which the question goes the other way and is not tried for a while", async () => {
    kept = keeping(1_000);
    expect(await ask(asked())).toBeUndefined();
    expect(reads()).toHaveLength(1);
    expect(kept.bytes).toBeLessThanOrEqual(1_000);
    expect(await ask(asked())).toBeUndefined();
    expect(statements).toEqual([]);
    now += 6 * MINUTE;
    await ask(asked());
    expect(reads()).toHaveLength(1);
  });

  test("is begun for a panel when it is asked again, and is nothing of sums that are not whole and of groups without end", async () => {
    const sum = (field: string) => asked(DAYS, { measures: [{ kind: "sum", field }], groupBy: ["$geo.country"] });
    await append(seen(0, "u", { properties: { whole: 3, half: 0.5 } }));
    for (const field of ["whole", "half"]) expect(await ask(sum(field))).toBeUndefined();
    expect(statements).toEqual([]);
    expect(await ask(sum("whole"))).toEqual([3]);
    expect(await ask(sum("half"))).toBeUndefined();
    expect(reads()).not.toEqual([]);
    const both = asked(DAYS, {
      measures: [
        { kind: "count_unique", field: "$visitor" },
        { kind: "sum", field: "half" },
      ],
    });
    expect(await ask(both)).toBeUndefined();
    const pages = Array.from({ length: 6_001 }, (_, i) => seen(3, "u", { context: { page_path: `/${i}` } }));
    await append(...pages);
    const byPage = asked(DAYS, { groupBy: ["$page.path"], measures: [{ kind: "count" }] });
    expect([await ask(byPage), await ask(byPage)]).toEqual([undefined, undefined]);
    expect(reads()).not.toEqual([]);
    expect([await ask(byPage), statements]).toEqual([undefined, []]);
  });

  test("of the largest groups alone is kept by group: of another list only those are read that are new in it", async () => {
    const country = (day: number, visitor: string, geo_country: string) =>
      seen(day, visitor, { context: { visitor, geo_country } });
    await append(
      ...["u", "v", "w"].map((visitor, day) => country(day, visitor, "DE")),
      ...["u", "u", "v"].map((visitor, day) => country(day, visitor, "FR")),
      country(0, "x", "IT"),
    );
    const whole = asked(DAYS, { groupBy: ["$geo.country"] });
    const [field] = whole.groupBy;
    if (field === undefined || "name" in field === false || field.kind === "buckets" || field.kind === "ranges")
      throw new Error("A field.");
    const of = (...groups: (string | null)[]) =>
      kept.snapshot(async (reader) => {
        statements = [];
        const filter = { kind: "same", field, values: groups } as const;
        const plan = { ...whole, filter: { kind: "all", of: [whole.filter, filter] } as const };
        const answer = await reader.answer(plan, { project: "p" }, { plan: whole, groups });
        return (
          answer && Object.fromEntries(answer.rows.map(({ group, values }) => [JSON.stringify(group[0]), values[0]]))
        );
      });
    // Asked for the first time it is not worth it.
    expect(await of("DE", "FR")).toBeUndefined();
    expect(await of("DE", "FR")).toEqual({ '"DE"': 3, '"FR"': 2 });
    expect(reads()).not.toEqual([]);
    expect(await of("FR", "DE")).toEqual({ '"DE"': 3, '"FR"': 2 });
    expect(reads()).toEqual([]);
    expect(await of("IT", "DE", null, "ES")).toEqual({ '"DE"': 3, '"IT"': 1, null: 3 });
    expect(reads().length).toBeGreaterThan(0);
    expect(await of("IT", "ES", null)).toEqual({ '"IT"': 1, null: 3 });
    expect(reads()).toEqual([]);
    await append(country(4, "y", "FR"));
    expect(await of("DE", "FR")).toEqual({ '"DE"': 3, '"FR"': 3 });
    expect(reads()).toHaveLength(1);
    // Thousands of groups are not looked for one by one.
    expect(await of(...Array.from({ length: 834 }, (_, i) => `${i}`))).toBeUndefined();
    expect(statements).toEqual([]);
  });

  test("is nothing where none is wanted", async () => {
    const none = keeping(0);
    expect([await ask(asked(), none), none.bytes]).toEqual([undefined, 0]);
  });

  test("is nothing of an actor's other deeds, of values that somebody chooses, and of what has no days", async () => {
    const deed = { collections: ["visits"], filter: { kind: "all", of: [] } } as const;
    const did = { kind: "did", actor: "$visitor", deed } as const;
    expect(await ask(asked(DAYS, { filter: did }))).toBeUndefined();
    expect(await ask(asked(DAYS, { filter: { kind: "not", of: { kind: "any", of: [did] } } }))).toBeUndefined();
    expect(await ask(asked(DAYS, { measures: [{ kind: "count_unique", field: "plan" }] }))).toBeUndefined();
    expect(await ask(asked(DAYS, { measures: [{ kind: "average", field: "plan" }] }))).toBeUndefined();
    expect(await ask(asked(1))).toBeUndefined();
    expect(statements).toEqual([]);
  });
});
