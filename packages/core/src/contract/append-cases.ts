import { describe, expect, test } from "vitest";
import { mintId } from "../event/identity.ts";
import { EVERYTHING } from "../query/filter.ts";
import { extractionPlan, message, newProject, NOON, storedEvent } from "./fixtures.ts";
import { kinds, type Subject } from "./subject.ts";

export function appendCases(use: () => Subject): void {
  describe("append", () => {
    test("an empty call answers with nothing", async () => {
      expect(await use().store.append([])).toEqual([]);
    });

    test("a new event is stored and can be asked for", async () => {
      const project = newProject();
      await use().load(message(project, { n: 1 }));
      expect(await use().value(project, { kind: "sum", field: "n" })).toBe(1);
    });

    test("the same message again is an own retry, however often, and stores nothing", async () => {
      const { store, visible, count } = use();
      const project = newProject();
      const events = message(project, { n: 1 }, { n: 2 }, { n: 3 });
      expect(kinds(await store.append(events))).toEqual(["stored", "stored", "stored"]);
      for (let i = 0; i < 3; i++) {
        expect(kinds(await store.append(events))).toEqual(["own-retry", "own-retry", "own-retry"]);
      }
      await visible();
      expect(await count(project, EVERYTHING)).toBe(3);
    });

    test("another message with a stored id is a duplicate, and the first one's content stays", async () => {
      const { store, visible, value } = use();
      const project = newProject();
      const first = storedEvent({ project, properties: { n: 1 } });
      const second = storedEvent({ project, id: first.id, properties: { n: 100 } });
      expect(kinds(await store.append([first]))).toEqual(["stored"]);
      expect(kinds(await store.append([second]))).toEqual(["duplicate"]);
      await visible();
      expect(await value(project, { kind: "sum", field: "n" })).toBe(1);
    });

    test("a message that was stored in part is completed: the rest is stored, the others are own retries", async () => {
      const { store, visible, count } = use();
      const project = newProject();
      const events = message(project, {}, {}, {}, {});
      expect(kinds(await store.append(events.slice(1, 3)))).toEqual(["stored", "stored"]);
      expect(kinds(await store.append(events))).toEqual(["stored", "own-retry", "own-retry", "stored"]);
      await visible();
      expect(await count(project, EVERYTHING)).toBe(4);
    });

    test("of an id repeated within a call the lowest index wins", async () => {
      const { store, visible, value } = use();
      const project = newProject();
      const [a, b, c] = message(project, { n: 1 }, { n: 10 }, { n: 100 });
      if (!a || !b || !c) throw new Error("three events");
      expect(kinds(await store.append([a, { ...b, id: a.id }, c, { ...c, id: a.id, ordinal: 9 }]))).toEqual([
        "stored",
        "duplicate",
        "stored",
        "duplicate",
      ]);
      await visible();
      expect(await value(project, { kind: "sum", field: "n" })).toBe(101);
    });

    test("the same message twice within a call is an own retry, not a duplicate", async () => {
      const project = newProject();
      const [event] = message(project, {});
      if (!event) throw new Error("one event");
      expect(kinds(await use().store.append([event, event]))).toEqual(["stored", "own-retry"]);
    });

    test("one id in two projects is two events", async () => {
      const [one, two] = [newProject(), newProject()];
      const event = storedEvent({ project: one });
      await use().load([event, { ...event, project: two }]);
      expect(await use().count(one, EVERYTHING)).toBe(1);
      expect(await use().count(two, EVERYTHING)).toBe(1);
    });

    test("ids far apart in one call are each found again", async () => {
      const { store } = use();
      const project = newProject();
      const times = [0, 1, NOON, NOON + 1, NOON + 86_400_000, Date.UTC(2090, 0, 1)];
      const events = times.map((time, i) =>
        storedEvent({ project, timestamp: NOON, id: mintId(time, new Uint8Array(10).fill(i)) }),
      );
      expect(new Set(kinds(await store.append(events)))).toEqual(new Set(["stored"]));
      expect(new Set(kinds(await store.append(events)))).toEqual(new Set(["own-retry"]));
      for (const event of events) expect(kinds(await store.append([event]))).toEqual(["own-retry"]);
    });

    test("two writers at once with the same events: each is stored once and only once, whoever wins", async () => {
      const { store, visible, count } = use();
      const project = newProject();
      const mine = message(project, ...Array.from({ length: 50 }, (_, i) => ({ i })));
      const theirs = mine.map((event, i) => ({ ...event, batch: `${event.batch}-other`, ordinal: i }));
      const answers = await Promise.all([
        store.append(mine),
        store.append(theirs.toReversed()),
        store.append(mine),
        store.append(theirs),
      ]);
      const stored = answers.flat().filter(({ kind }) => kind === "stored");
      expect(stored).toHaveLength(50);
      expect(answers.flat().every(({ kind }) => ["stored", "own-retry", "duplicate"].includes(kind))).toBe(true);
      await visible();
      expect(await count(project, EVERYTHING)).toBe(50);
    });

    test("many small calls at once keep their own answers", async () => {
      const { store, visible, count } = use();
      const project = newProject();
      const calls = Array.from({ length: 30 }, (_, i) => message(project, { i }, { i }));
      const [first] = calls;
      if (!first) throw new Error("calls");
      const answers = await Promise.all([...calls, first].map((events) => store.append(events)));
      expect(answers.slice(0, 30).map(kinds)).toEqual(calls.map(() => ["stored", "stored"]));
      expect(kinds(answers[30] ?? [])).toEqual(["own-retry", "own-retry"]);
      await visible();
      expect(await count(project, EVERYTHING)).toBe(60);
    });

    test("every standard field comes back as it went in", async () => {
      const { store, load } = use();
      const project = newProject();
      const event = storedEvent({
        project,
        receivedAt: NOON + 5,
        context: { page_path: "/ä", engaged_ms: 12.5, visit_page: 1, bot_is: false, bot_reasons: ["b", "a"] },
      });
      await load([event]);
      const { events } = await store.extract(extractionPlan(project));
      expect(events).toEqual([
        {
          id: event.id,
          collection: "visits",
          timestamp: NOON,
          receivedAt: NOON + 5,
          context: event.context,
          properties: {},
        },
      ]);
    });
  });
}
