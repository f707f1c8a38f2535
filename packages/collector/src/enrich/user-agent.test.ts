import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Context } from "@millrace/core";
import { createUserAgents, userAgent } from "./user-agent.ts";

const [, ...ROWS] = readFileSync(new URL("../../fixtures/user-agents.tsv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [header = "", browser = "", version = "", os = "", , device = "", bot = ""] = line.split("\t");
    return { header, browser, version, os, device, bot };
  });
const people = ROWS.filter(({ bot }) => bot === "0");
const userAgents = createUserAgents();

/** The rows on which we disagree with the corpus, of those where it says something. */
function misses(said: (row: (typeof ROWS)[number]) => string, ours: (header: string) => string | null) {
  const scored = people.filter((row) => said(row) !== "");
  const missed = scored.filter((row) => said(row) !== ours(row.header));
  return {
    scored: scored.length,
    missed: missed.map((row) => `${said(row)}, not ${ours(row.header)}: ${row.header}`),
  };
}

// The floors are what was measured when the parser was chosen: a new version of it may not be worse.
test("browsers of the mainstream are named right", () => {
  const { scored, missed } = misses(
    ({ browser }) => browser,
    (header) => userAgents(header).browser,
  );
  expect(scored).toBe(125);
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(1);
});

test("their major versions are right", () => {
  const major = (version: string | null) => version?.split(".")[0] ?? null;
  const { scored, missed } = misses(
    ({ version }) => major(version) ?? "",
    (header) => major(userAgents(header).browserVersion),
  );
  expect(scored).toBe(125);
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(2);
});

test("their operating systems are named right", () => {
  const { scored, missed } = misses(
    ({ os }) => os,
    (header) => userAgents(header).os,
  );
  expect(scored).toBe(125);
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(1);
});

test("their kinds of device are told right", () => {
  const { scored, missed } = misses(
    ({ device }) => device,
    (header) => userAgents(header).device,
  );
  expect(scored).toBe(125);
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(2);
});

test("every bot of the corpus is labelled, and no person", () => {
  expect(ROWS.filter(({ bot }) => bot === "1")).toHaveLength(62);
  expect(ROWS.filter(({ header, bot }) => userAgents(header).isBot !== (bot === "1"))).toEqual([]);
});

test("a header of any length and content is read", () => {
  for (const header of ["", "\u0000", "(".repeat(100_000), "Mozilla/5.0 (".repeat(10_000), "💥"]) {
    expect(userAgents(header).device).toBe("other");
  }
});

test("a system is one system, however a browser writes its name", () => {
  const konqueror = "Mozilla/5.0 (compatible; Konqueror/4.14; linux) KHTML/4.14 (like Gecko)";
  expect(userAgents(konqueror)).toMatchObject({ os: "Linux", device: "desktop" });
});

const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
const WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const ANDROID =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

test.each([
  ["a Mac whose screen feels fingers is an iPad", MAC, { touchPoints: 5 }, ["iOS", undefined, "tablet"]],
  ["a Mac is one", MAC, { touchPoints: 0 }, ["macOS", "10.15.7", "desktop"]],
  ["a Mac that tells its version", MAC, { platformVersion: "15.6.1" }, ["macOS", "15.6.1", "desktop"]],
  ["Windows 11", WINDOWS, { platformVersion: "15.0.0" }, ["Windows", "11", "desktop"]],
  ["the first Windows 11", WINDOWS, { platformVersion: "13.0.0" }, ["Windows", "11", "desktop"]],
  ["the last Windows 10", WINDOWS, { platformVersion: "12.9.0" }, ["Windows", "10", "desktop"]],
  ["a version inside of other words", ANDROID, { platformVersion: "v16.0.0" }, ["Android", "10", "mobile"]],
  ["Windows 10", WINDOWS, { platformVersion: "10.0.0" }, ["Windows", "10", "desktop"]],
  ["Windows that feels fingers", WINDOWS, { touchPoints: 10 }, ["Windows", "10", "desktop"]],
  ["Android's own version", ANDROID, { platformVersion: "16.0.0" }, ["Android", "16", "mobile"]],
  ["no version at all", ANDROID, { platformVersion: "x".repeat(32) }, ["Android", "10", "mobile"]],
])("what a browser says beside its header: %s", (_what, header, hints, expected) => {
  const raw = { userAgent: header, ...hints };
  const context: Context = {};
  const event = { id: "1", collection: "pageviews", timestamp: 0, properties: {}, raw };
  userAgent(userAgents).apply({ event, raw, context, properties: {} });
  expect([context.os_name, context.os_version, context.device]).toEqual(expected);
});

test.each([
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 GTmetrix",
  "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2506",
  "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.22631; en-US) PowerShell/7.4.1",
  "Dart/3.4 (dart:io)",
  "CFNetwork/1494.0.7 Darwin/23.4.0",
])("a bot that the list of others lacks: %s", (header) => {
  expect(userAgents(header).isBot).toBe(true);
});

test("an app with a person in front of it is none", () => {
  expect(userAgents("Shop/1.2 CFNetwork/1494.0.7 Darwin/23.4.0").isBot).toBe(false);
});

test.each([
  ["Messenger", "[FBAN/MessengerForiOS;FBAV/450.0.0.29.110;FBDV/iPhone14,5;FBSN/iOS]"],
  ["Facebook", "[FBAN/FBIOS;FBAV/450.0]"],
  ["Pinterest", "[Pinterest/iOS]"],
])("pages inside an app are seen in %s", (browser, tail) => {
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
  expect(userAgents(`${phone} Mobile/15E148 ${tail}`)).toMatchObject({ browser, isBot: false, device: "mobile" });
});
