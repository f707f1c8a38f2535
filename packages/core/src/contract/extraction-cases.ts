import { describe, expect, test } from "vitest";
import { mintId } from "../event/identity.ts";
import type { JsonObject } from "../values/json.ts";
import { ANY_TIME, extractionPlan, message, newProject, NOON, storedEvent } from "./fixtures.ts";
import type { Subject } from "./subject.ts";

export function extractionCases(use: () => Subject): void {
  describe("extraction", () => {
    test("properties come back exactly as sent, what queries cannot see included", async () => {
      const { load, store } = use();
      const project = newProject();
      const properties: JsonObject = {
        z: 1,
        a: [3, 1, [2, { b: null }], {}],
        empty: {},
        nothing: null,
        deep: { er: { est: [] } },
        number: 12_345_678_901_234_567_000,
      };
      await load(message(project, properties));
      const [event] = (await store.extract(extractionPlan(project))).events;
      expect(JSON.stringify(event?.properties)).toBe(JSON.stringify(properties));
    });

    test("oldest first by time, then id; newest first is the exact reverse", async () => {
      const { load, store } = use();
      const project = newProject();
      const events = [3, 1, 2, 1].map((offset, i) =>
        storedEvent({
          project,
          timestamp: NOON + offset,
          id: mintId(NOON + offset, new Uint8Array(10).fill(9 - i)),
          properties: { i },
        }),
      );
      await load(events);
      const oldest = (await store.extract(extractionPlan(project))).events.map((e) => e.properties["i"]);
      expect(oldest).toEqual([3, 1, 2, 0]);
      const newest = (await store.extract(extractionPlan(project, { latest: 10 }))).events;
      expect(newest.map((e) => e.properties["i"])).toEqual(oldest.toReversed());
    });

    test("one more than the limit comes back when there are more, so that nobody cuts unseen", async () => {
      const { load, store } = use();
      const project = newProject();
      await load(message(project, { i: 0 }, { i: 1 }, { i: 2 }));
      const count = async (latest: number) => (await store.extract(extractionPlan(project, { latest }))).events.length;
      expect(await count(1)).toBe(2);
      expect(await count(3)).toBe(3);
      expect(await count(4)).toBe(3);
    });

    test("filters, timeframe and collections apply as to every query", async () => {
      const { load, store } = use();
      const project = newProject();
      await load([
        storedEvent({ project, properties: { n: 1 } }),
        storedEvent({ project, properties: { n: 2 } }),
        storedEvent({ project, properties: { n: 2 }, timestamp: NOON + 10 }),
        storedEvent({ project, properties: { n: 2 }, collection: "clicks" }),
      ]);
      const { events } = await store.extract(
        extractionPlan(project, {
          filter: { kind: "eq", field: "n", value: 2 },
          timeframe: { kind: "absolute", start: NOON, end: NOON + 10 },
        }),
      );
      expect(events.map(({ properties, timestamp }) => ({ properties, timestamp }))).toEqual([
        { properties: { n: 2 }, timestamp: NOON },
      ]);
    });

    test("beyond the quota a property can still be extracted and filtered by equality", async () => {
      const { load, store } = use();
      const project = newProject();
      const properties = { admits: () => false, untyped: () => ANY_TIME };
      const [a, b] = message(project, { x: "a=b", list: ["p", 1] }, { x: 5 });
      if (!a || !b) throw new Error("two events");
      await load(
        [a, b].map((event) => ({
          ...event,
          flat: {
            ...event.flat,
            strings: {},
            numbers: {},
            json: {},
            elements: {},
            overflow: event === a ? ['x="a=b"', 'list=["p",1]', 'list="p"', "list=1"] : ["x=5"],
          },
        })),
      );
      const found = async (field: string, ...values: (string | number | (string | number)[])[]) => {
        const plan = extractionPlan(project, { filter: { kind: "in", field, values } }, properties);
        return (await store.extract(plan)).events.map((event) => event.properties["x"]);
      };
      expect(await found("x", "a=b")).toEqual(["a=b"]);
      expect(await found("x", 5, "5")).toEqual([5]);
      expect(await found("x", "5")).toEqual([]);
      expect(await found("list", 1)).toEqual(["a=b"]);
      expect(await found("list", ["p", 1])).toEqual(["a=b"]);
    });
  });
}
