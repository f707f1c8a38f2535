import type { Registry } from "@millrace/core";
import { expect, onTestFinished, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { fakeClock, HOUR, NOON } from "../testing.ts";
import { createJournal } from "./journal.ts";

/** A page is full with three of these. */
const KB10 = 10_000;

function setUp() {
  const clock = fakeClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  onTestFinished(() => registry.close());
  const pages = async () =>
    (await registry.list<{ entries: string[] }>("names")).map(({ key, value, expiresAt }) => [
      key.sort,
      value.entries,
      expiresAt,
    ]);
  return { registry, pages, journal: createJournal<string>(registry, "names", () => KB10) };
}

test("what is added stands behind what there is, on a new page when the last is full, and two that add at once are told apart", async () => {
  const { journal, pages } = setUp();
  const { entries, end } = await journal.read("j");
  expect([entries, end]).toEqual([[], { page: 0, entries: [], version: undefined }]);
  const second = await journal.append("j", end, ["a", "b"]);
  expect(second).toEqual({ page: 0, entries: ["a", "b"], version: 1 });
  // Somebody who has read the same end, and comes later.
  expect(await journal.append("j", end, ["x"])).toBeUndefined();
  const third = second && (await journal.append("j", second, ["c", "d", "e", "f", "g"]));
  expect(third).toEqual({ page: 2, entries: ["g"], version: 1 });
  expect(await pages()).toEqual([
    ["j.000000", ["a", "b", "c"], undefined],
    ["j.000001", ["d", "e", "f"], undefined],
    ["j.000002", ["g"], undefined],
  ]);
  expect(await journal.read("j")).toEqual({ entries: ["a", "b", "c", "d", "e", "f", "g"], end: third });
  expect(await journal.read("k")).toMatchObject({ entries: [] });
  expect(third && (await journal.append("j", third, []))).toEqual(third);
});

test("a journal that is of no use after a time leaves by itself", async () => {
  const { journal, pages } = setUp();
  const { end } = await journal.read("j");
  await journal.append("j", end, ["a"], NOON + HOUR);
  expect(await pages()).toEqual([["j.000000", ["a"], NOON + HOUR]]);
});

test("pages that were read while somebody added are read again, and not for ever", async () => {
  const { registry } = setUp();
  let reads = 0;
  const page = (name: string, entries: string[]) => ({
    key: { partition: "names", sort: name },
    value: { entries },
    version: 1,
  });
  const torn = (until: number): Registry => ({
    ...registry,
    list: (async () =>
      ++reads < until
        ? [page("j.000000", ["a"]), page("j.000001", ["d"])]
        : [page("j.000000", ["a", "b", "c"]), page("j.000001", ["d"])]) as Registry["list"],
  });
  const of = (until: number) => createJournal<string>(torn(until), "names", () => KB10);
  expect((await of(3).read("j")).entries).toEqual(["a", "b", "c", "d"]);
  expect(reads).toBe(3);
  reads = 0;
  await expect(of(1_000).read("j")).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "Too many writers to the catalogue. Try again.",
  });
  expect(reads).toBe(20);
});
