import { expect, test } from "vitest";
import { lastLine } from "./last-line.ts";

test("the last line names what was played, and what was asked for and not reached", () => {
  const parts = [
    { stage: "production", steps: ["deploy", "diff", "run"] },
    { stage: "staging", steps: ["deploy"] },
  ] as const;
  const played = new Map([["production", ["deploy", "diff"]]]);
  expect(lastLine("9 s", parts, played, undefined)).toBe(
    "Rehearsed in 9 s: production (deploy, diff, not played: run); staging (not played: deploy).",
  );
  const all = new Map([
    ["production", ["deploy", "diff", "run"]],
    ["staging", ["deploy"]],
  ]);
  expect(lastLine("9 s", parts, all, 0)).toBe(
    "Rehearsed in 9 s: production (deploy, diff, run); staging (deploy); 0 denied calls.",
  );
});
