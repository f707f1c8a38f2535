import { expect, test } from "vitest";
import { processorSeconds } from "./processor.ts";

test("the processor's time of a process is what it says itself, to a few ticks; of none it is unknown", () => {
  const before = process.cpuUsage();
  const seconds = processorSeconds(process.pid);
  const after = process.cpuUsage();
  expect(seconds).toBeGreaterThanOrEqual((before.user + before.system) / 1e6 - 0.03);
  expect(seconds).toBeLessThanOrEqual((after.user + after.system) / 1e6 + 0.03);
  expect(processorSeconds(undefined)).toBeUndefined();
});
