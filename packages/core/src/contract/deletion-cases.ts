import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import { HOUR_MS } from "../ledger/ledger.ts";
import { isDeleted, type DeleteWhere } from "../ports/tombstones.ts";
import { EVERYTHING } from "../query/filter.ts";
import { message, newProject, NOON, storedEvent } from "./fixtures.ts";
import { kinds, type Subject } from "./subject.ts";

export function deletionCases(use: () => Subject): void {
  describe("deletion", () => {
    const all = (project: string): DeleteWhere => ({ project, receivedBefore: NOON + 1 });

    test.each<[what: string, where: Partial<DeleteWhere>, left: number]>([
      ["everything received before", {}, 144 - 96],
      ["one visitor", { visitor: "ada" }, 144 - 32],
      ["a visitor with a quote and a star in the name", { visitor: `o'*"\\` }, 144 - 32],
      ["one collection", { collection: "clicks" }, 144 - 48],
      ["a span of the events' own time", { from: NOON - HOUR_MS, to: NOON }, 144 - 24],
      ["from an instant on, it included", { from: NOON }, 144 - 48],
      ["up to an instant, it excluded", { to: NOON - HOUR_MS }, 144 - 24],
      ["all conditions at once", { visitor: "ada", collection: "clicks", from: NOON, to: NOON + 1 }, 144 - 4],
      ["a visitor nobody is", { visitor: "nobody" }, 144],
      ["no events by their ids", { ids: [] }, 144],
      ["events nobody has", { ids: ["none", `o'*"\\`] }, 144],
      ["a part of a visitor's name", { visitor: "ad" }, 144],
    ])("takes exactly what is asked for: %s", async (_what, conditions, left) => {
      const { store, load, visible } = use();
      const [project, other] = [newProject(), newProject()];
      const where = { ...all(project), ...conditions };
      const events = everyKind(project);
      await load([...events, ...everyKind(other)]);
      expect(events.filter((event) => !isDeleted(deletable(event), [where]))).toHaveLength(left);
      expect(await store.countWhere(where)).toBe(144 - left);
      // Counting takes nothing.
      expect(await store.deleteWhere(where)).toEqual({ events: 144 - left, rejected: 0, complete: true });
      await visible();
      expect(await storedIds(use(), project)).toEqual(
        events
          .filter((event) => !isDeleted(deletable(event), [where]))
          .map(({ id }) => id)
          .sort(),
      );
      expect(await storedIds(use(), other)).toHaveLength(144);
      expect(await store.countWhere(where)).toBe(0);
    });

    test("takes events by their ids, of the project and the other conditions alone", async () => {
      const { store, load, visible } = use();
      const [project, other] = [newProject(), newProject()];
      const events = everyKind(project);
      const twins = events.map((event) => ({ ...event, project: other }));
      await load([...events, ...twins]);
      const ids = events.slice(20, 40).map(({ id }) => id);
      const where = { ...all(project), collection: "clicks", ids };
      const taken = events.filter((event) => isDeleted(deletable(event), [where]));
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.length).toBeLessThan(20);
      expect(await store.deleteWhere(where)).toMatchObject({ events: taken.length, complete: true });
      await visible();
      const left = events.filter((event) => !taken.includes(event)).map(({ id }) => id);
      expect(await storedIds(use(), project)).toEqual(left.sort());
      expect(await storedIds(use(), other)).toHaveLength(144);
    });

    test("takes what was written a moment ago", async () => {
      const { store } = use();
      const project = newProject();
      await store.append(message(project, {}, {}));
      expect(await store.deleteWhere(all(project))).toMatchObject({ events: 2 });
    });

    test("leaves a count by hour of receipt, and again adds only what was not deleted before", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      const where = { ...all(project), receivedBefore: NOON + 2 * HOUR_MS };
      const at = (receivedAt: number) => storedEvent({ project, receivedAt });
      await load([at(NOON), at(NOON + 1), at(NOON + HOUR_MS)]);
      expect(await store.deleteWhere(where)).toMatchObject({ events: 3 });
      expect(await store.deleteWhere(where)).toEqual({ events: 0, rejected: 0, complete: true });
      // A writer that had not heard of the deletion.
      await load([at(NOON + 2)]);
      expect(await store.deleteWhere(where)).toMatchObject({ events: 1 });
      await visible();
      expect(await ends(use(), project)).toEqual([
        [NOON, "deleted", 3],
        [NOON + HOUR_MS, "deleted", 1],
      ]);
    });

    test("an event that its collector finds deleted, before or after the store deletes it, has one end", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      const events = message(project, {}, {}, {});
      const [first, second] = events;
      if (!first || !second) throw new Error("three events");
      await load(events);
      await store.recordExceptions([found(first)]);
      await store.deleteWhere(all(project));
      await store.recordExceptions([found(first), found(second)]);
      await store.deleteWhere(all(project));
      await visible();
      expect(await ends(use(), project)).toEqual([[NOON, "deleted", 3]]);
    });

    test("of a duplicate leaves both of its ends", async () => {
      const { store, load, visible } = use();
      const project = newProject();
      const event = storedEvent({ project });
      await load([event]);
      const again = storedEvent({ project, id: event.id });
      expect(kinds(await store.append([again]))).toEqual(["duplicate"]);
      await store.recordExceptions([{ ...found(again), outcome: "duplicate", reason: "id" }]);
      await store.deleteWhere(all(project));
      await visible();
      expect(await ends(use(), project)).toEqual([
        [NOON, "deleted", 1],
        [NOON, "duplicate", 1],
      ]);
    });

    test("rejected events lose their raw form and count as deleted: those it takes, and no others", async () => {
      const { store, visible } = use();
      const project = newProject();
      const rejected = (collection: string, raw: unknown, receivedAt = NOON) => ({
        ...found(storedEvent({ project, collection, receivedAt })),
        outcome: "rejected" as const,
        reason: "too-large",
        raw: JSON.stringify(raw),
      });
      const of = (visitor: string, timestamp = NOON) => ({ collection: "visits", timestamp, context: { visitor } });
      await store.recordExceptions([
        rejected("visits", of("ada")),
        rejected("visits", of("ada", NOON - HOUR_MS)),
        rejected("visits", of("bob")),
        rejected("visits", of("ada"), NOON + 1),
        rejected("", null),
      ]);
      await visible();
      const ada = { ...all(project), visitor: "ada" };
      expect(await store.deleteWhere({ ...ada, from: NOON })).toEqual({ events: 0, rejected: 1, complete: true });
      await visible();
      expect(await ends(use(), project)).toEqual([
        [NOON, "deleted", 1],
        [NOON, "rejected", 4],
      ]);
      expect(await store.deleteWhere(all(project))).toMatchObject({ rejected: 3 });
      expect(await store.deleteWhere(all(project))).toMatchObject({ rejected: 0 });
    });

    test("frees the ids: what is sent anew is a new event", async () => {
      const { store, load, visible, count } = use();
      const project = newProject();
      const event = storedEvent({ project });
      await load([event]);
      await store.deleteWhere(all(project));
      expect(kinds(await store.append([storedEvent({ project, id: event.id, receivedAt: NOON + 1 })]))).toEqual([
        "stored",
      ]);
      await visible();
      expect(await count(project, EVERYTHING)).toBe(1);
    });

    test("while events come in takes those that were there, and every event ends once", async () => {
      const { store, visible } = use();
      const project = newProject();
      const batches = Array.from({ length: 12 }, (_, i) =>
        message(project, ...Array.from({ length: 40 }, () => ({ i }))),
      );
      const work: Promise<unknown>[] = batches.slice(0, 4).map((events) => store.append(events));
      await Promise.all(work);
      const deletions = [0, 1].map(() => store.deleteWhere(all(project)));
      await Promise.all([...deletions, ...batches.slice(4).map((events) => store.append(events))]);
      await visible();
      const now = await ends(use(), project);
      expect(now.reduce((sum, [, , n]) => sum + n, 0)).toBe(480);
      expect(now.find(([, outcome]) => outcome === "deleted")?.[2]).toBeGreaterThanOrEqual(160);
      await store.deleteWhere(all(project));
      await visible();
      expect(await ends(use(), project)).toEqual([[NOON, "deleted", 480]]);
    });
  });
}

/** One event for every combination of what a deletion looks at. */
function everyKind(project: string): StoredEvent[] {
  const visitors = ["ada", `o'*"\\`, undefined];
  const times = [NOON - HOUR_MS - 1, NOON - HOUR_MS, NOON, NOON + HOUR_MS];
  return visitors.flatMap((visitor) =>
    ["visits", "clicks"].flatMap((collection) =>
      times.flatMap((timestamp) =>
        [NOON - 1, NOON, NOON + 1].flatMap((receivedAt) =>
          [{}, { n: 1 }].map((properties) =>
            storedEvent({
              project,
              collection,
              timestamp,
              receivedAt,
              properties,
              context: visitor === undefined ? {} : { visitor },
            }),
          ),
        ),
      ),
    ),
  );
}

function deletable(event: StoredEvent) {
  return { ...event, visitor: event.context.visitor };
}

/** What a collector records that finds an event deleted before it is stored. */
function found({ project, collection, receivedAt, batch, ordinal }: StoredEvent) {
  const end = { outcome: "deleted", reason: "tombstone", detail: "", raw: null } as const;
  return { project, collection, receivedAt, batch, ordinal, ...end };
}

async function storedIds({ rows }: Subject, project: string): Promise<string[]> {
  const collections = ["visits", "clicks"];
  return (await rows(project, { collections, groupBy: ["keen.id"] })).map(({ group }) => group[0] as string).sort();
}

/** The ends of a project's events, by hour and outcome, whatever the reason. */
async function ends({ store }: Subject, project: string): Promise<[hour: number, outcome: string, count: number][]> {
  const counts = new Map<string, [number, string, number]>();
  for (const { hour, outcome, count } of await store.outcomes({ project, from: 0, to: NOON + 100 * HOUR_MS })) {
    const key = `${hour} ${outcome}`;
    counts.set(key, [hour, outcome, (counts.get(key)?.[2] ?? 0) + count]);
  }
  return [...counts.values()].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
}
