import { expect, test } from "vitest";
import { CERTAINTY, mostCertain, type Certainty, type StoredExecution } from "./execution.ts";

const execution = (id: string, certainty: Certainty, line = ""): StoredExecution => ({
  id,
  function: "collector",
  startedAt: 0,
  durationMs: 1,
  status: "ok",
  cold: false,
  trigger: "pubsub",
  memory: null,
  fingerprint: null,
  error: null,
  labels: [],
  weight: 1,
  certainty,
  line,
});

test("of what is said about one run the most certain holds, in whatever order it comes", () => {
  const { platform, early, final } = CERTAINTY;
  for (const order of [
    [platform, early, final],
    [final, platform, early],
    [early, final, platform],
  ]) {
    expect(mostCertain(order.map((certainty) => execution("a", certainty)))).toEqual([execution("a", final)]);
  }
});

test("of two that are equally certain the later holds; other runs are left alone", () => {
  expect(mostCertain([execution("a", 2, "first"), execution("b", 1), execution("a", 2, "second")])).toEqual([
    execution("a", 2, "second"),
    execution("b", 1),
  ]);
});
