import { createCatalogue, createSqliteRegistry } from "@millrace/access";
import {
  mintId,
  monthOf,
  monthStart,
  moveToOverflow,
  PROPERTY_BUDGET,
  PROPERTY_BUDGET_APART,
  propertyKinds,
  type JsonObject,
} from "@millrace/core";
import { describeLateNames, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { testStore } from "./support.ts";

const stores: { remove(): Promise<void> }[] = [];
afterAll(async () => {
  for (const store of stores) await store.remove();
});

function openStore(clock: { now(): number }) {
  const store = testStore({ clock });
  stores.push(store);
  return store;
}

const differential = { store: undefined as ReturnType<typeof openStore> | undefined };
describeLateNames({
  name: "OpenSearch",
  create: async (clock) => {
    differential.store = openStore(clock);
    return differential.store;
  },
  refresh: async () => differential.store?.refresh(),
  openCatalogues: (clock) => {
    const registry = createSqliteRegistry({ path: ":memory:", clock });
    return Array.from({ length: 3 }, () => createCatalogue({ registry, clock, quota: 4, budget: 6 }));
  },
  runs: 12,
});

describe("months of hostile names", () => {
  const BUDGET = 120;
  const FIRST = monthOf(Date.UTC(2026, 2));

  /** The product's two halves around the queue, as far as names go. */
  function setUp() {
    let now = monthStart(FIRST);
    const clock = { now: () => now };
    const store = openStore(clock);
    const catalogue = createCatalogue({
      registry: createSqliteRegistry({ path: ":memory:", clock }),
      clock,
      quota: 60,
      budget: BUDGET,
    });
    /** @param back months that the event's identity lies back */
    const send = async (project: string, properties: JsonObject, back = 0) => {
      const at = monthStart(monthOf(now) - back);
      const event = storedEvent({
        project,
        timestamp: at,
        receivedAt: now,
        id: mintId(at, randomBytes(10)),
        properties,
      });
      const sightings = propertyKinds(event.flat).map(([path, kind]) => ({ collection: "visits", path, kind }));
      const month = monthOf(at);
      const admission = await catalogue.admit(project, sightings, { identity: month, timestamp: month }, ["visits"]);
      const flat = moveToOverflow(event.flat, (path, kind) => admission.admits(path, kind));
      expect(await store.append([{ ...event, flat }])).toEqual([{ kind: "stored" }]);
    };
    return { store, catalogue, send, nextMonth: () => (now = monthStart(monthOf(now) + 1)) };
  }

  test("bound the fields of every index, reject nothing, and once they stop a new name is typed again", async () => {
    const { store, catalogue, send, nextMonth } = setUp();
    const hostile = Array.from({ length: 10 }, newProject);
    const tenant = newProject();
    const own = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`own${i}`, i]));
    await store.prepare();
    await send(tenant, own);
    for (let month = 0; month < 5; month++) {
      if (month < 2) {
        for (const [who, project] of hostile.entries()) {
          // Lists, which take two fields each; and the same for the past, which has no month of its own.
          const junk = (kind: string) =>
            Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${kind}${month}_${who}_${i}`, [i]]));
          await send(project, junk("now"));
          await send(project, junk("past"), 14 + who);
          await send(project, junk("late"), 1);
        }
      }
      await send(tenant, { ...own, late: month });
      nextMonth();
      await store.prepare();
    }
    await store.refresh();

    const fields = await fieldCounts(store);
    console.log(`fields of properties by index, at most ${2 * BUDGET}: ${JSON.stringify(fields)}`);
    expect(Object.keys(fields).length).toBeGreaterThanOrEqual(6);
    for (const count of Object.values(fields)) expect(count).toBeLessThanOrEqual(2 * BUDGET);

    const view = await catalogue.view(tenant);
    const ask = async (input: Parameters<typeof metricPlan>[1]) => {
      const plan = metricPlan(tenant, input, view);
      return { value: (await store.metric(plan)).rows[0]?.values[0], incomplete: plan.incomplete };
    };
    const sum = (field: string) => ({ measures: [{ kind: "sum", field } as const] });
    const since = (month: number) => ({
      timeframe: { kind: "absolute" as const, start: monthStart(FIRST + month), end: monthStart(FIRST + 10) },
    });
    expect(await ask(sum("own29"))).toEqual({ value: 29 * 6, incomplete: [] });
    // In the first two months there was no room: first the junk itself, then the room kept for it.
    const full = { start: monthStart(FIRST), end: monthStart(FIRST + 2) };
    expect(await ask(sum("late"))).toEqual({ value: 2 + 3 + 4, incomplete: [{ path: "late", ranges: [full] }] });
    expect(await ask({ ...sum("late"), ...since(2) })).toEqual({ value: 2 + 3 + 4, incomplete: [] });
    for (const value of [0, 1, 2, 3, 4]) {
      expect(await ask({ filter: { kind: "eq", field: "late", value } })).toEqual({ value: 1, incomplete: [] });
    }
    await store.close();
  }, 240_000);

  test("fit twice into what an index of the product may map, with those that have no month", async () => {
    const { store } = setUp();
    await store.prepare();
    const path = "index.mapping.total_fields.limit";
    const answer = (await (
      await fetch(`${store.node}/${store.prefix}-events-*/_settings/${path}?flat_settings`)
    ).json()) as Record<string, { settings: Record<string, string> }>;
    const limits = Object.values(answer).map(({ settings }) => Number(settings[path]));
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) expect(2 * (PROPERTY_BUDGET + PROPERTY_BUDGET_APART)).toBeLessThan(limit);
    await store.close();
  });
});

/** Leaves of properties by index. */
async function fieldCounts(store: { readonly node: string; readonly prefix: string }): Promise<Record<string, number>> {
  const answer = (await (await fetch(`${store.node}/${store.prefix}-events/_mapping`)).json()) as Record<
    string,
    { mappings: { properties: Record<string, { properties?: object }> } }
  >;
  return Object.fromEntries(
    Object.entries(answer).map(([index, { mappings }]) => [
      index.slice(store.prefix.length + 1),
      Object.entries(mappings.properties)
        .filter(([name]) => /^p_[a-z]$/.test(name))
        .reduce((count, [, { properties = {} }]) => count + Object.keys(properties).length, 0),
    ]),
  );
}
