import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createUserAgents } from "./user-agent.ts";

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
