import { createUserAgents } from "@millrace/collector";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { scoreOf } from "./score.ts";

test("98 % of the mainstream are read right, in every column", () => {
  const file = new URL("../../packages/collector/fixtures/user-agents.tsv", import.meta.url);
  const scores = scoreOf(readFileSync(file, "utf8"), createUserAgents());
  expect(scores.map(({ column }) => column)).toEqual(["browser", "version", "os", "device", "bot"]);
  for (const { column, right, scored, mistakes } of scores) {
    expect(scored).toBe(column === "bot" ? 187 : 125);
    expect(right / scored, mistakes.join("\n")).toBeGreaterThanOrEqual(0.98);
  }
});

test("an empty cell is not scored, a mistake is told, and of a bot only that it is one", () => {
  const agent = {
    browser: "Chrome",
    browserVersion: "122.0",
    os: "Linux",
    osVersion: null,
    device: "desktop",
    model: null,
    isBot: false,
    isAutomated: false,
  } as const;
  const text =
    "tier\tuser_agent\tbrowser\tbrowser_version\tos\tdevice\tbot\ncore\ta\tFirefox\t122.1\t\tdesktop\t0\ncore\tb\tX\t1\t\t\t1\n";
  const scores = scoreOf(text, () => agent);
  expect(scores.map(({ column, right, scored }) => [column, right, scored])).toEqual([
    ["browser", 0, 1],
    ["version", 1, 1],
    ["os", 0, 0],
    ["device", 1, 1],
    ["bot", 1, 2],
  ]);
  expect(scores[0]?.mistakes).toEqual(["Firefox, not Chrome: a"]);
});
