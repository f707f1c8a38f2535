import { monthOf, monthStart, type PropertyKind, type PropertySighting, type Registry } from "@millrace/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { createCatalogue } from "./catalogue.ts";

const QUOTA = 6;
const BUDGET = 8;
const BEGIN = monthOf(Date.UTC(2026, 2));

interface Batch {
  readonly process: number;
  readonly project: string;
  /** Months that identity and timestamp lie back. */
  readonly late: number;
  readonly old: number;
  readonly names: readonly (readonly [path: string, kind: PropertyKind])[];
}

const batch: fc.Arbitrary<Batch> = fc.record({
  process: fc.nat(2),
  project: fc.constantFrom("p", "q"),
  late: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 14) }),
  old: fc.constantFrom(0, 0, 0, 1),
  names: fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 9 }).map((n) => `n${n}`),
      fc.constantFrom<PropertyKind[]>("string", "string", "number"),
    ),
    { minLength: 1, maxLength: 4 },
  ),
});
/** What comes at the same time; processes that begin anew before it; months that pass before it. */
const round = fc.record({
  pass: fc.constantFrom(0, 0, 1, 2),
  anew: fc.array(fc.nat(2), { maxLength: 1 }),
  batches: fc.array(batch, { minLength: 1, maxLength: 6 }),
});

/** Real parts, in whatever order the calls of several collectors may reach the registry. */
test("however collectors interleave: what was turned down is on record, what was admitted is listed, no bound is passed", async () => {
  let turnedDown = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), fc.scheduler(), async (rounds, scheduler) => {
      let now = monthStart(BEGIN);
      const clock = { now: () => now };
      const real = createSqliteRegistry({ path: ":memory:", clock });
      const turn = async <T>(call: () => Promise<T>): Promise<T> => {
        await scheduler.schedule(Promise.resolve());
        return call();
      };
      const registry: Registry = {
        get: (key) => turn(() => real.get(key)),
        list: (partition, prefix) => turn(() => real.list(partition, prefix)),
        listFrom: (partition, from) => turn(() => real.listFrom(partition, from)),
        put: (key, value, options) => turn(() => real.put(key, value, options)),
        claimMany: (claims) => turn(() => real.claimMany(claims)),
        delete: (key) => turn(() => real.delete(key)),
        close: () => real.close(),
      };
      const open = () => createCatalogue({ registry, clock, quota: QUOTA, budget: BUDGET });
      const processes = [open(), open(), open()];
      const refused: { project: string; path: string; at: number }[] = [];
      const admitted: { project: string; path: string }[] = [];
      const take = async ({ process: who, project, late, old, names }: Batch): Promise<void> => {
        const current = monthOf(now);
        const when = { identity: current - late, timestamp: current - old };
        const sightings = names.map(([path, kind]): PropertySighting => ({ collection: "c", path, kind }));
        const admission = await processes[who]?.admit(project, sightings, when);
        for (const [path, kind] of names) {
          if (admission?.admits(path, kind)) admitted.push({ project, path });
          else refused.push({ project, path, at: monthStart(when.timestamp) });
        }
      };

      for (const { pass, anew, batches } of rounds) {
        now = monthStart(monthOf(now) + pass);
        for (const who of anew) processes[who] = open();
        await scheduler.waitFor(Promise.all(batches.map(take)));
      }

      turnedDown += refused.length;
      const reader = createCatalogue({ registry: real, clock, quota: QUOTA, budget: BUDGET });
      const views = new Map([
        ["p", await reader.view("p")],
        ["q", await reader.view("q")],
      ]);
      for (const { project, path, at } of refused) {
        const ranges = views.get(project)?.untyped(path) ?? [];
        expect(ranges.some(({ start, end }) => start <= at && at < end)).toBe(true);
      }
      for (const { project, path } of admitted) expect(views.get(project)?.admits(path)).toBe(true);
      const pages = await real.list<{ entries: unknown[] }>("catalogue");
      const buckets = Map.groupBy(
        pages.filter(({ key }) => key.sort !== "since"),
        ({ key }) => key.sort.split(".")[0],
      );
      for (const of of buckets.values()) {
        expect(of.flatMap(({ value }) => value.entries).length).toBeLessThanOrEqual(BUDGET);
      }
      await real.close();
    }),
    { numRuns: 200 },
  );
  expect(turnedDown).toBeGreaterThan(100);
});
