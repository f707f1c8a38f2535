import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import { moveToOverflow } from "../event/flatten.ts";
import { HOUR_MS } from "../ledger/ledger.ts";
import type { PropertyDeletion } from "../ports/deleted-properties.ts";
import type { Filter } from "../query/filter.ts";
import type { Json, JsonObject } from "../values/json.ts";
import { ANY_TIME, extractionPlan, message, metricPlan, newProject, NOON, storedEvent } from "./fixtures.ts";
import { kinds, type Subject } from "./subject.ts";

export function propertyDeletionCases(use: () => Subject): void {
  describe("deletion of a property", () => {
    const of = (project: string, property: string): PropertyDeletion => {
      return { project, collection: "visits", property, receivedBefore: NOON + 1 };
    };

    test("takes it and what lies below it, in every kind, and leaves the events", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      await load(message(project, ...EVERY_KIND));
      expect(await store.deleteProperty(of(project, "a"))).toEqual({ events: 7, rejected: 0, complete: true });
      await visible();
      expect(await extracted(use(), project)).toEqual(EVERY_KIND.map(withoutA));
      for (const path of ["a", "a.b", "a.b.c", "a.b.d"]) expect(await having(use(), project, path)).toBe(0);
      expect(await having(use(), project, "n")).toBe(EVERY_KIND.length);
      expect(await having(use(), project, "ab")).toBe(1);
      expect(await ends(use(), project)).toEqual([["stored", EVERY_KIND.length]]);
      // Again: nothing is left of it.
      expect(await store.deleteProperty(of(project, "a"))).toEqual({ events: 0, rejected: 0, complete: true });
    });

    test("of a path takes that alone; objects that it leaves empty go too", async () => {
      const { store, load, visible, rows } = use();
      const project = newProject();
      await load(
        message(
          project,
          { n: 1, a: { b: { c: "x" } } },
          { n: 2, a: { b: { c: "x", d: 1 }, e: [1] } },
          { n: 3, a: { b: "c" } },
          { n: 4, "a b": { c: "x" }, b: { c: "x" }, c: "x" },
        ),
      );
      expect(await store.deleteProperty(of(project, "a.b.c"))).toMatchObject({ events: 2 });
      await visible();
      expect(await extracted(use(), project)).toEqual([
        { n: 1 },
        { n: 2, a: { b: { d: 1 }, e: [1] } },
        { n: 3, a: { b: "c" } },
        { n: 4, "a b": { c: "x" }, b: { c: "x" }, c: "x" },
      ]);
      expect(await rows(project, { groupBy: ["a.b.c"] })).toMatchObject([{ group: [null], values: [4] }]);
      expect(await rows(project, { groupBy: ["a.b.d"] })).toMatchObject([
        { group: [null], values: [3] },
        { group: [1], values: [1] },
      ]);
    });

    test("takes names as they are", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      const values = (names: readonly string[], value: Json) => Object.fromEntries(names.map((name) => [name, value]));
      await load(
        message(project, { n: 1, ...values(NAMES, "x") }, { n: 2, ...values(NAMES, { y: [true] }) }, { n: 3 }),
      );
      for (const [i, name] of NAMES.entries()) {
        expect(await store.deleteProperty(of(project, name))).toMatchObject({ events: 2, complete: true });
        await visible();
        const left = NAMES.slice(i + 1);
        expect(await extracted(use(), project)).toEqual([
          { n: 1, ...values(left, "x") },
          { n: 2, ...values(left, { y: [true] }) },
          { n: 3 },
        ]);
      }
    });

    test("of another project, another collection or a later receipt nothing moves", async () => {
      const { store, load, visible } = use();
      const [project, neighbour] = [newProject(), newProject()];
      const events = message(project, { n: 1, a: 1 }, { n: 2, a: 2 }, { n: 3, a: 3 }) as [
        StoredEvent,
        StoredEvent,
        StoredEvent,
      ];
      await load([
        events[0],
        { ...events[1], receivedAt: NOON + 1 },
        { ...events[2], collection: "clicks" },
        ...message(neighbour, { n: 1, a: 1 }),
      ]);
      expect(await store.deleteProperty(of(project, "a"))).toMatchObject({ events: 1 });
      await visible();
      expect(await extracted(use(), project)).toEqual([{ n: 1 }, { n: 2, a: 2 }]);
      expect(await extracted(use(), project, "clicks")).toEqual([{ n: 3, a: 3 }]);
      expect(await extracted(use(), neighbour)).toEqual([{ n: 1, a: 1 }]);
    });

    test("takes what is beyond the quota of names, of that name alone", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      const long = "é".repeat(9_000);
      const properties = [
        { n: 1, a: 1, "a=1": 2, ab: 3 },
        { n: 2, a: { b: "x", c: [1, "y"], d: null } },
        { n: 3, a: `${long}"${long}` },
        { n: 4, "a=1": 1 },
      ];
      const events = message(project, ...properties);
      for (const { flat } of events) moveToOverflow(flat, (path) => path === "n");
      await load(events);
      expect(await store.deleteProperty(of(project, "a"))).toMatchObject({ events: 3, complete: true });
      await visible();
      expect(await extracted(use(), project)).toEqual([
        { n: 1, "a=1": 2, ab: 3 },
        { n: 2 },
        { n: 3 },
        { n: 4, "a=1": 1 },
      ]);
      const split = async (path: string, value: string | number) => {
        const filter: Filter<string> = { kind: "eq", field: path, value };
        const view = { admits: () => false, untyped: () => [...ANY_TIME] };
        return (await store.metric(metricPlan(project, { filter }, view))).rows[0]?.values[0] ?? 0;
      };
      expect([await split("a", 1), await split("a.b", "x"), await split("a.c", "y")]).toEqual([0, 0, 0]);
      expect([await split("a=1", 2), await split("a=1", 1), await split("ab", 3)]).toEqual([1, 1, 1]);
    });

    test("leaves provenance and ids: the same message again is our own, another event with the id a duplicate", async () => {
      const { store, load } = use();
      const project = newProject();
      const events = message(project, { a: 1 }, { a: 2 });
      await load(events);
      await store.deleteProperty(of(project, "a"));
      expect(kinds(await store.append(events))).toEqual(["own-retry", "own-retry"]);
      const again = events.map(({ id }) => storedEvent({ project, id, properties: { a: 3 } }));
      expect(kinds(await store.append(again))).toEqual(["duplicate", "duplicate"]);
    });

    test("rejected events lose it from their raw form, and stay rejected", async () => {
      const { store, visible } = use();
      const project = newProject();
      const raw = (properties: JsonObject, collection = "visits") => JSON.stringify({ collection, properties });
      const rejected = (text: string | null, receivedAt = NOON) => {
        const { batch, ordinal, collection } = storedEvent({ project });
        return {
          project,
          collection,
          receivedAt,
          batch,
          ordinal,
          outcome: "rejected",
          reason: "mapping",
          detail: "-",
          raw: text,
        } as const;
      };
      await store.recordExceptions([
        rejected(raw({ a: { b: 1 }, n: 1 })),
        rejected(raw({ a: 1 }), NOON + 1),
        rejected(raw({ a: 1 }, "clicks")),
        rejected(raw({ n: 1 })),
        rejected("null"),
      ]);
      await visible();
      expect(await store.deleteProperty(of(project, "a"))).toEqual({ events: 0, rejected: 1, complete: true });
      await visible();
      expect(await store.deleteProperty(of(project, "a"))).toEqual({ events: 0, rejected: 0, complete: true });
      expect(await ends(use(), project)).toEqual([["rejected", 5]]);
    });

    test("two at once, while events come in and others are deleted, take what was there", async () => {
      const { store, visible } = use();
      const project = newProject();
      const batches = Array.from({ length: 4 }, (_, i) =>
        message(project, ...Array.from({ length: 40 }, (__, n) => ({ n: i * 40 + n, a: n, b: { c: n } }))),
      );
      for (const events of batches.slice(0, 2)) await store.append(events);
      await visible();
      const take = async (property: string): Promise<void> => {
        while (!(await store.deleteProperty(of(project, property)).catch(() => ({ complete: false }))).complete);
      };
      const ids = (batches[0] ?? []).map(({ id }) => id);
      await Promise.all([
        take("a"),
        take("b"),
        store.deleteWhere({ project, ids, receivedBefore: NOON + 1 }),
        ...batches.slice(2).map((events) => store.append(events)),
      ]);
      await visible();
      const old = (await extracted(use(), project)).filter(({ n }) => (n as number) < 80);
      expect(old).toEqual(Array.from({ length: 40 }, (_, i) => ({ n: 40 + i })));
      await take("a");
      await take("b");
      await visible();
      expect(await extracted(use(), project)).toEqual(Array.from({ length: 120 }, (_, i) => ({ n: 40 + i })));
    });
  });
}

const EVERY_KIND: readonly JsonObject[] = [
  { n: 1, a: "x" },
  { n: 2, a: 5, ab: 1 },
  { n: 3, a: false },
  { n: 4, a: null },
  { n: 5, a: ["x", 1, { y: 2 }], z: ["x"] },
  { n: 6, a: { b: { c: "x", d: null } }, b: { c: "x" } },
  { n: 7, a: { b: 2, e: [[]] } },
  { n: 8, b: { a: 1 } },
];

/** What is special to one of the stores, or to JSON. */
const NAMES = ["a", "a*", "a,b", "a~1", 'a"', "a\\", "a%_", " ", "é😀"];

function withoutA(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== "a"));
}

const byN = (a: JsonObject, b: JsonObject): number => (a["n"] as number) - (b["n"] as number);

async function extracted({ store }: Subject, project: string, collection = "visits"): Promise<JsonObject[]> {
  const { events } = await store.extract(extractionPlan(project, { collections: [collection] }));
  return events.map(({ properties }) => properties).sort(byN);
}

function having({ count }: Subject, project: string, path: string) {
  return count(project, { kind: "exists", field: path });
}

async function ends({ store }: Subject, project: string): Promise<[outcome: string, count: number][]> {
  const rows = await store.outcomes({ project, from: 0, to: NOON + 100 * HOUR_MS });
  return rows.map(({ outcome, count }) => [outcome, count]);
}
