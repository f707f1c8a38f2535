import { expect, test } from "vitest";
import { createCommits } from "./commits.ts";
import { createKept } from "./kept.ts";
import { createMoment } from "./moment.ts";
import { partOf } from "./part.ts";

test("what was asked for before a failure is not remembered after it, though it comes later", async () => {
  const commits = createCommits(() => {});
  const kept = createKept({ maxBytes: 0, clock: { now: () => 0 } });
  const read = () => Promise.reject(new Error("stopped"));
  const moment = createMoment(read, commits.look(), kept);
  const span = { start: 0, end: 1, bucket: 0, isWhole: true };
  const place = { project: "p", time: "timestamp", span, key: "k" } as const;
  const before = moment.restarts();
  moment.keep(place, partOf([]), true, before);
  expect(moment.find(place, true)).toBeDefined();
  await expect(moment.read({ sql: "", values: [], types: [] })).rejects.toThrow("stopped");
  moment.keep(place, partOf([]), true, before);
  expect(moment.find(place, true)).toBeUndefined();
  moment.keep(place, partOf([]), true, moment.restarts());
  expect(moment.find(place, true)).toBeDefined();
});

test("what one snapshot remembers for itself has a limit, and begins anew after a failure", async () => {
  const kept = createKept({ maxBytes: 0, clock: { now: () => 0 } });
  const read = () => Promise.reject(new Error("stopped"));
  const moment = createMoment(read, createCommits(() => {}).look(), kept);
  const place = (key: string) =>
    ({ project: "p", time: "timestamp", span: { start: 0, end: 1, bucket: 0, isWhole: false }, key }) as const;
  const half = { rows: [], bytes: 16_000_000 };
  const keep = (key: string) => {
    moment.keep(place(key), half, false, moment.restarts());
    return moment.find(place(key), false) !== undefined;
  };
  expect(["a", "b", "c"].map(keep)).toEqual([true, true, false]);
  await expect(moment.read({ sql: "", values: [], types: [] })).rejects.toThrow("stopped");
  expect(["c", "d", "e"].map(keep)).toEqual([true, true, false]);
});
