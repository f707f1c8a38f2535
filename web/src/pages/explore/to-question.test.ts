import { expect, test } from "vitest";
import type { Ask } from "../../questions/ask.ts";
import { COUNT, EXPLORE, type Measure } from "./spec.ts";
import { toQuestion } from "./to-question.ts";

const ask: Ask = {
  access: { id: "p", name: "P", timezone: "UTC", readKey: "k" },
  collections: ["engagement", "pageviews", "trials"],
  period: { start: "2026-03-02T00:00:00", end: "2026-03-09T00:00:00" },
  filters: [],
  bots: "people",
  about: "web",
};
const asked = (measure: Measure, events: readonly string[] = []) => {
  const spec = { ...EXPLORE.defaults, measures: [measure], events };
  return (
    toQuestion(spec, { ask, range: "7d", compare: "off", by: "day" }) as { event_collection: unknown } | undefined
  )?.event_collection;
};

test("all events are those that the overview counts, with time on pages where it is asked for", () => {
  expect(asked(COUNT)).toEqual(["pageviews", "trials"]);
  expect(asked(COUNT, ["engagement"])).toBe("engagement");
  expect(asked({ ...COUNT, analysis: "sum", property: "$engaged_ms" })).toEqual(ask.collections);
});
