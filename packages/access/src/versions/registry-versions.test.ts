import type { Registry } from "@millrace/core";
import { expect, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { createRegistryVersions } from "./registry-versions.ts";
import { versioned } from "./versioned.ts";

function setup(change: (registry: Registry) => Registry = (registry) => registry) {
  let now = 1_800_000_000_000;
  const clock = { now: () => now };
  let puts = 0;
  const real = createSqliteRegistry({ path: ":memory:", clock });
  const registry = change({ ...real, put: (...args) => (puts++, real.put(...args)) });
  const process = () => createRegistryVersions({ registry, clock });
  return { process, pass: (ms: number) => (now += ms), puts: () => puts };
}

test("every change is seen by every process, at the latest when its step is over", async () => {
  const { process, pass } = setup();
  const [reader, writer, other] = [process(), process(), process()];
  const seen: string[] = [];
  const look = async () => seen.push((await reader.read("a")).value);
  await look();
  await writer.moved(["a"]);
  await look();
  pass(3_000);
  // In the same step: not written again, and not lost, since the value changes once more when the step is over.
  await other.moved(["a"]);
  await look();
  pass(13_000);
  await look();
  await writer.moved(["a"]);
  await look();
  expect(seen[1]).not.toBe(seen[0]);
  expect(seen[2]).toBe(seen[1]);
  expect(seen[3]).not.toBe(seen[2]);
  expect(new Set(seen.slice(2))).toHaveProperty("size", 3);
  expect(await reader.read("b")).toEqual({ value: "0", settled: true });
});

test("a version is settled only when nothing more can come under it", async () => {
  const { process, pass } = setup();
  const versions = process();
  await versions.moved(["a"]);
  expect((await versions.read("a")).settled).toBe(false);
  pass(15_000);
  expect((await versions.read("a")).settled).toBe(true);
});

test("costs one write for a project and step, whatever is stored", async () => {
  const { process, puts } = setup();
  const writer = process();
  for (let i = 0; i < 50; i++) await writer.moved(["a", "b"]);
  expect(puts()).toBe(2);
});

test("storing goes on when the version cannot be noted, and the next change notes it", async () => {
  let broken = true;
  const { process } = setup((registry) => ({
    ...registry,
    put: (...args) => (broken ? Promise.reject(new Error("down")) : registry.put(...args)),
  }));
  const versions = process();
  const store = versioned({ append: async (events) => events.map(() => ({ kind: "stored" as const })) }, versions);
  expect(await store.append([{ project: "a" } as never])).toEqual([{ kind: "stored" }]);
  expect((await versions.read("a")).value).toBe("0");
  broken = false;
  await store.append([{ project: "a" } as never]);
  expect((await versions.read("a")).value).not.toBe("0");
});

test("what was not stored moves nothing", async () => {
  const { process } = setup();
  const versions = process();
  const store = versioned({ append: async (events) => events.map(() => ({ kind: "duplicate" as const })) }, versions);
  await store.append([{ project: "a" } as never]);
  expect((await versions.read("a")).value).toBe("0");
});

test("events that were deleted or have lost a property move it, and finding none does not", async () => {
  const { process, pass } = setup();
  const versions = process();
  const found = [0, 1, 0, 2];
  const take = async (_where: object) => ({ events: found.shift() ?? 0, rejected: 0, complete: true });
  const store = versioned({ append: async () => [], deleteWhere: take, deleteProperty: take }, versions);
  const where = { project: "a", receivedBefore: 1 };
  const seen: boolean[] = [];
  for (const work of [
    () => store.deleteWhere(where),
    () => store.deleteWhere(where),
    () => store.deleteProperty({ ...where, collection: "c", property: "p" }),
    () => store.deleteProperty({ ...where, collection: "c", property: "p" }),
  ]) {
    // A step is over, and what it brought is read.
    pass(20_000);
    const before = (await versions.read("a")).value;
    await work();
    seen.push((await versions.read("a")).value !== before);
  }
  expect(seen).toEqual([false, true, false, true]);
});
