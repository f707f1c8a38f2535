import { expect, test } from "vitest";
import { createMemoryVersions } from "./memory-versions.ts";

test("a project's version moves with its own changes, and no run repeats another's", async () => {
  const clock = { now: () => 0 };
  const [versions, next] = ["a", "b"].map((start) => createMemoryVersions({ clock, start }));
  const before = await versions?.read("p");
  await versions?.moved(["q"]);
  expect(await versions?.read("p")).toEqual(before);
  await versions?.moved(["p"]);
  expect(await versions?.read("p")).toEqual({ value: "a.2", settled: true });
  expect((await next?.read("p"))?.value).not.toBe(before?.value);
});

test("a store that shows changes late: unsettled until it does, and then another value, so that nobody keeps a half answer", async () => {
  let now = 0;
  const versions = createMemoryVersions({ clock: { now: () => now }, start: "s", settleMs: 5_000 });
  await versions.moved(["p"]);
  expect(await versions.read("p")).toEqual({ value: "s.1+", settled: false });
  now = 5_000;
  expect(await versions.read("p")).toEqual({ value: "s.1", settled: true });
});
