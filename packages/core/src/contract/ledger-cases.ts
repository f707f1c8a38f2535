import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../ledger/ledger.ts";
import { DUPLICATES_AT, type Exception } from "../ledger/exception.ts";
import type { OutcomesRow } from "../store/port.ts";
import { newProject, NOON, storedEvent } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

export function ledgerCases(use: () => Subject): void {
  describe("outcomes for the ledger", () => {
    test("stored events are counted by the hour of receipt, not by their own time", async () => {
      const { load } = use();
      const project = newProject();
      const at = (receivedAt: number) => storedEvent({ project, timestamp: NOON - 90 * HOUR_MS, receivedAt });
      await load([at(NOON), at(NOON + HOUR_MS - 1), at(NOON + HOUR_MS)]);
      expect(await outcomes(use(), project)).toEqual([
        { hour: NOON, outcome: "stored", reason: null, count: 2 },
        { hour: NOON + HOUR_MS, outcome: "stored", reason: null, count: 1 },
      ]);
    });

    test("exceptions are counted by outcome and reason, once per provenance however often they are recorded", async () => {
      const { store, visible } = use();
      const project = newProject();
      const batch = randomUUID();
      const exceptions = [
        exception({ project, batch, ordinal: 0 }),
        exception({ project, batch, ordinal: 1 }),
        exception({ project, batch, ordinal: 2, outcome: "rejected", reason: "too-large", raw: '{"a":1}' }),
        exception({ project, batch: randomUUID(), ordinal: 0, receivedAt: NOON + HOUR_MS }),
      ];
      await store.recordExceptions([]);
      await store.recordExceptions(exceptions);
      await store.recordExceptions(exceptions.slice(1));
      await visible();
      expect(await outcomes(use(), project)).toEqual([
        { hour: NOON, outcome: "duplicate", reason: "id", count: 2 },
        { hour: NOON, outcome: "rejected", reason: "too-large", count: 1 },
        { hour: NOON + HOUR_MS, outcome: "duplicate", reason: "id", count: 1 },
      ]);
    });

    test("one exception may stand for many duplicates of a batch: it counts as many, replaces itself, and is taken back whole", async () => {
      const { store, visible } = use();
      const project = newProject();
      const batch = randomUUID();
      const ordinal = DUPLICATES_AT.id;
      await store.recordExceptions([
        exception({ project, batch, ordinal, count: 400 }),
        exception({ project, batch, ordinal: DUPLICATES_AT["uniqueness-token"], reason: "uniqueness-token", count: 3 }),
        exception({ project, batch, ordinal: 7 }),
      ]);
      await store.recordExceptions([exception({ project, batch, ordinal, count: 500 })]);
      await visible();
      expect(await countsByReason(use(), project)).toEqual({ id: 501, "uniqueness-token": 3 });
      await store.withdrawExceptions([{ batch, ordinal, receivedAt: NOON }]);
      await visible();
      expect(await countsByReason(use(), project)).toEqual({ id: 1, "uniqueness-token": 3 });
    });

    test("an exception recorded again with another outcome counts as the later one only", async () => {
      const { store, visible } = use();
      const project = newProject();
      const first = exception({ project });
      await store.recordExceptions([first]);
      await store.recordExceptions([{ ...first, outcome: "deleted", reason: "visitor" }]);
      await visible();
      expect(await outcomes(use(), project)).toEqual([{ hour: NOON, outcome: "deleted", reason: "visitor", count: 1 }]);
    });

    test("a later end replaces the earlier one: what was rejected or a duplicate, and is stored after all, is stored", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      const batch = randomUUID();
      const ends = [
        exception({ project, batch, ordinal: 0, outcome: "rejected", reason: "mapping", raw: "{}" }),
        exception({ project, batch, ordinal: 1 }),
        exception({ project, batch, ordinal: 2, outcome: "rejected", reason: "mapping", raw: "{}" }),
        exception({ project, batch, ordinal: 3, outcome: "deleted", reason: "tombstone" }),
      ];
      await store.recordExceptions(ends);
      await load([0, 1, 3].map((ordinal) => storedEvent({ project, batch, ordinal, receivedAt: NOON })));
      const late = [0, 1, 3, 4].map((ordinal) => ({ batch, ordinal, receivedAt: NOON }));
      await store.withdrawExceptions([]);
      await store.withdrawExceptions(late);
      await store.withdrawExceptions(late);
      await visible();
      expect(await outcomes(use(), project)).toEqual([
        // A deletion is a later end than any.
        { hour: NOON, outcome: "deleted", reason: "tombstone", count: 1 },
        { hour: NOON, outcome: "rejected", reason: "mapping", count: 1 },
        { hour: NOON, outcome: "stored", reason: null, count: 3 },
      ]);
    });

    test("the raw form of an old rejection is forgotten, that it was rejected is not", async () => {
      const { store, visible } = use();
      const project = newProject();
      // Before all that other cases have recorded: the store is theirs too.
      const long = NOON - 5_000 * HOUR_MS;
      const rejected = {
        outcome: "rejected",
        reason: "mapping",
        raw: '{"id":"x","context":{"visitor":"ada"}}',
      } as const;
      await store.recordExceptions([
        exception({ project, receivedAt: long, ...rejected }),
        exception({ project, ...rejected }),
      ]);
      await visible();
      expect(await store.forgetRaw(long + 1)).toBe(1);
      expect(await store.forgetRaw(long + 1)).toBe(0);
      await visible();
      expect((await outcomes(use(), project)).map(({ outcome, count }) => [outcome, count])).toEqual([
        ["rejected", 1],
        ["rejected", 1],
      ]);
      // Nothing is left of her in the old one: a deletion finds only the new, and a wider one has nothing to take from it either.
      const where = { project, receivedBefore: NOON + 1 };
      expect((await store.deleteWhere({ ...where, visitor: "ada" })).rejected).toBe(1);
      await visible();
      expect((await store.deleteWhere(where)).rejected).toBe(0);
    });

    test("only the project and hours asked for", async () => {
      const { load, store, visible } = use();
      const [project, other] = [newProject(), newProject()];
      await load([
        storedEvent({ project: other }),
        storedEvent({ project, timestamp: NOON - 1 }),
        storedEvent({ project }),
      ]);
      await store.recordExceptions([exception({ project: other }), exception({ project, receivedAt: NOON + HOUR_MS })]);
      await visible();
      expect(await store.outcomes({ project, from: NOON, to: NOON + HOUR_MS })).toEqual([
        { hour: NOON, outcome: "stored", reason: null, count: 1 },
      ]);
    });

    test("of each ingest instance the newest running total is found, by hour of receipt", async () => {
      const { load, store } = use();
      const project = newProject();
      const event = (instance: string, accepted: number, receivedAt = NOON) =>
        storedEvent({ project, receivedAt, instance, accepted });
      await load([
        event("a", 3),
        event("a", 12),
        event("a", 7),
        event("b", 2),
        event("b", 5, NOON + HOUR_MS),
        storedEvent({ project: newProject(), receivedAt: NOON, instance: "a", accepted: 99 }),
      ]);
      const rows = await store.arrivals({ project, from: NOON, to: NOON + 2 * HOUR_MS });
      const inOrder = rows.toSorted((x, y) => x.hour - y.hour || (x.instance < y.instance ? -1 : 1));
      expect(inOrder).toEqual([
        { hour: NOON, instance: "a", accepted: 12 },
        { hour: NOON, instance: "b", accepted: 2 },
        { hour: NOON + HOUR_MS, instance: "b", accepted: 5 },
      ]);
      expect(await store.arrivals({ project, from: NOON + HOUR_MS, to: NOON + 2 * HOUR_MS })).toHaveLength(1);
    });
  });
}

async function outcomes({ store }: Subject, project: string): Promise<OutcomesRow[]> {
  const rows = await store.outcomes({ project, from: 0, to: NOON + 100 * HOUR_MS });
  return rows.toSorted((a, b) => a.hour - b.hour || (a.outcome < b.outcome ? -1 : 1));
}

async function countsByReason(subject: Subject, project: string): Promise<Record<string, number>> {
  const rows = await outcomes(subject, project);
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}

function exception(input: Partial<Exception> & { readonly project: string }): Exception {
  return {
    batch: randomUUID(),
    ordinal: 0,
    collection: "visits",
    receivedAt: NOON,
    outcome: "duplicate",
    reason: "id",
    detail: "",
    raw: null,
    ...input,
  };
}
