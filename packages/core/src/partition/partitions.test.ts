import { expect, test } from "vitest";
import type { PutOptions, Registry, RegistryItem, RegistryKey } from "../ports/registry.ts";
import { createPartitions, EMPTY_TABLE, tableOfStore } from "./partitions.ts";
import type { Month, PartitionTable } from "./table.ts";

const HOUR = 3_600_000;
const month = (name: string): Month => ({ month: name, version: 1, dropped: false, cut: 1, groups: 1, own: [] });
const tableOf = (...names: string[]): PartitionTable => ({ months: names.map(month) });

/** A registry of one item, which is all a table of partitions needs; tells what it was asked. */
function oneItem(first?: PartitionTable) {
  let item: { value: unknown; version: number } | undefined = first && { value: first, version: 1 };
  const state = { reads: 0, keys: new Set<string>(), isDown: false, loseNext: 0 };
  const registry = {
    get: <T>(key: RegistryKey): Promise<RegistryItem<T> | undefined> => {
      state.reads++;
      state.keys.add(`${key.partition} ${key.sort}`);
      if (state.isDown) return Promise.reject(new Error("down"));
      return Promise.resolve(item && { key, value: item.value as T, version: item.version });
    },
    put: <T>(_: RegistryKey, value: T, options: PutOptions = {}): Promise<boolean> => {
      // Somebody else was quicker.
      if (state.loseNext-- > 0)
        item = { value: { months: [...tableOf("209901").months] }, version: (item?.version ?? 0) + 1 };
      if (options.if !== (item?.version ?? "absent")) return Promise.resolve(false);
      item = { value, version: (item?.version ?? 0) + 1 };
      return Promise.resolve(true);
    },
  } as Registry;
  return {
    registry,
    state,
    version: () => item?.version,
    replace: (value: PartitionTable) => (item = { value, version: 9 }),
  };
}

test("a store's table is kept under the prefix of its indexes", async () => {
  expect(tableOfStore()).toBe("store:millrace");
  const { registry, state } = oneItem();
  await createPartitions(registry, tableOfStore("acme"), { now: () => 0 }).read();
  expect([...state.keys]).toEqual(["store:acme partitions"]);
});

test("a table is known for an hour, then asked for again; reading it is always now", async () => {
  let now = 0;
  const { registry, state, replace } = oneItem(tableOf("202601"));
  const partitions = createPartitions(registry, "t", { now: () => now });
  expect(await partitions.known()).toEqual(tableOf("202601"));
  replace(tableOf("202602"));
  now = HOUR - 1;
  expect(await partitions.known()).toEqual(tableOf("202601"));
  expect(await partitions.read()).toEqual(tableOf("202602"));
  expect(state.reads).toBe(2);
  now = HOUR;
  expect(await partitions.known()).toEqual(tableOf("202602"));
});

test("who asks at the same time asks once", async () => {
  const { registry, state } = oneItem(tableOf("202601"));
  const partitions = createPartitions(registry, "t", { now: () => 0 });
  await Promise.all([partitions.known(), partitions.known()]);
  expect(state.reads).toBe(1);
});

test("that there is no table yet is believed for a second", async () => {
  let now = 0;
  const { registry, replace } = oneItem();
  const partitions = createPartitions(registry, "t", { now: () => now });
  expect(await partitions.known()).toBeUndefined();
  expect(await partitions.read()).toEqual({ months: [] });
  replace(tableOf("202601"));
  now = 999;
  expect(await partitions.known()).toBeUndefined();
  now = 1_000;
  expect(await partitions.known()).toEqual(tableOf("202601"));
});

test("a registry that was down is asked again at once", async () => {
  const { registry, state } = oneItem(tableOf("202601"));
  const partitions = createPartitions(registry, "t", { now: () => 0 });
  state.isDown = true;
  await expect(partitions.known()).rejects.toThrow("down");
  state.isDown = false;
  expect(await partitions.known()).toEqual(tableOf("202601"));
});

test("a change begins with the table as it is now, keeps its months in order, and is known here at once", async () => {
  const { registry } = oneItem();
  const partitions = createPartitions(registry, "t", { now: () => 0 });
  expect(await partitions.known()).toBeUndefined();
  await partitions.update((table) => {
    expect(table).toEqual(EMPTY_TABLE);
    return tableOf("202603", "202601", "202602");
  });
  expect(await partitions.known()).toEqual(tableOf("202601", "202602", "202603"));
});

test("what changes nothing writes nothing, unless there is nothing yet", async () => {
  const { registry, version } = oneItem();
  const partitions = createPartitions(registry, "t", { now: () => 0 });
  await partitions.update((table) => table);
  expect(version()).toBe(1);
  await partitions.update((table) => ({ months: [...table.months] }));
  expect(version()).toBe(1);
});

test("who is overtaken by another writer changes what the other wrote", async () => {
  const { registry, state } = oneItem(tableOf("202601"));
  const partitions = createPartitions(registry, "t", { now: () => 0 });
  state.loseNext = 19;
  await partitions.update(({ months }) => ({ months: [...months, month("210001")] }));
  expect(await partitions.read()).toEqual(tableOf("209901", "210001"));
});

test("who is overtaken twenty times gives up and says so", async () => {
  const { registry, state } = oneItem(tableOf("202601"));
  state.loseNext = 20;
  const giveUp = createPartitions(registry, "t", { now: () => 0 }).update(() => tableOf("202602"));
  await expect(giveUp).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "Too many writers to the table of partitions. Try again.",
  });
  expect(state.reads).toBe(20);
});
