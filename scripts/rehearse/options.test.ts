import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("without arguments every stage does all that it has, and only the personal one is developed on", () => {
  const { parts } = parseOptions([]);
  expect(parts.map(({ stage }) => stage)).toEqual(["production", "staging", "rehearsal"]);
  expect(parts.map(({ steps }) => steps.includes("dev"))).toEqual([false, false, true]);
});

test("what runs through the zips is part of production, and of no other stage", () => {
  const { parts } = parseOptions(["--stage", "production", "--stage", "staging"]);
  expect(parts.map(({ steps }) => steps.includes("run"))).toEqual([true, false]);
  expect(() => parseOptions(["--stage", "staging=run"])).toThrow(/no step "run"/);
});

test("steps are done in their own order, whatever the order they were named in", () => {
  const { parts } = parseOptions(["--stage", "staging=remove,deploy", "--stage", "anna=dev"]);
  expect(parts).toEqual([
    { stage: "staging", steps: ["deploy", "remove"] },
    { stage: "anna", steps: ["dev"] },
  ]);
});

test.each([
  [["--stage", "production=dev"], /production has no step "dev"/],
  [["--stage", "staging=deploi"], /no step "deploi"/],
  [["--stage", "Anna"], /lower-case/],
  [["--step", "deploy"], /--step/],
])("%j is refused by name", (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
