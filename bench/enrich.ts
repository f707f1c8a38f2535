// What enrichment costs per event, step by step, with user agents seen for the first time ("cold") and answered from memory ("warm").
// Input: the labelled user agents of the fixtures, with pages, referrers and addresses around them.
import { mintId, type AcceptedEvent } from "@millrace/core";
import { openGeoDatabase, startEnrichment, enrichmentSteps } from "@millrace/collector";
import { readFileSync } from "node:fs";

const FIXTURES = new URL("../packages/collector/fixtures/", import.meta.url);
const WARM_ROUNDS = 200;

const headers = readFileSync(new URL("user-agents.tsv", FIXTURES), "utf8").trimEnd().split("\n").slice(1);
const referrers = [
  "https://www.google.com/",
  "https://t.co/x",
  "https://www.site.example/",
  "https://blog.example.org/p",
];
const events = headers.map((line, i): AcceptedEvent => ({
  id: mintId(i, new Uint8Array(10)),
  collection: "pageviews",
  timestamp: i,
  properties: { url: "https://www.site.example/a?b=c", plan: "pro" },
  raw: {
    ip: `175.16.${i}.0`,
    userAgent: line.split("\t")[0] ?? "",
    referrer: referrers[i % referrers.length] ?? "",
    timezone: "Europe/Paris",
  },
  // Ingest has taken the page's address apart.
  context: {
    page_host: "www.site.example",
    page_path: `/page/${i}`,
    ...(i % 4 === 0 && { page_query: "utm_source=news&utm_medium=email", utm_source: "news", utm_medium: "email" }),
  },
  ...(i % 10 === 0 && { addons: [{ name: "keen:url_parser", input: { url: "url" }, output: "parsed" }] }),
}));

const geo = await openGeoDatabase(new URL("GeoIP2-City-Test.mmdb", FIXTURES).pathname);
const steps = enrichmentSteps({ geo });
const cold = new Map(steps.map(({ name }) => [name, 0]));
const warm = new Map(steps.map(({ name }) => [name, 0]));
measure(cold);
for (let round = 0; round < WARM_ROUNDS; round++) measure(round < WARM_ROUNDS / 2 ? new Map() : warm);

console.log(`${"us per event".padEnd(14)}${"cold".padStart(10)}${"warm".padStart(10)}`);
for (const { name } of steps) print(name, cold.get(name) ?? 0, warm.get(name) ?? 0);
print("all", sum(cold), sum(warm));

/** Runs each step over all events before the next one, so that the clock is read once per step and not once per event. */
function measure(into: Map<string, number>): void {
  const started = events.map(startEnrichment);
  for (const { name, apply } of steps) {
    const start = performance.now();
    for (const enrichment of started) apply(enrichment);
    into.set(name, (into.get(name) ?? 0) + (performance.now() - start));
  }
}

function print(name: string, coldMs: number, warmMs: number): void {
  const us = (ms: number, runs: number) => ((ms * 1000) / (events.length * runs)).toFixed(2).padStart(10);
  console.log(`${name.padEnd(14)}${us(coldMs, 1)}${us(warmMs, WARM_ROUNDS / 2)}`);
}

function sum(parts: Map<string, number>): number {
  return [...parts.values()].reduce((total, ms) => total + ms, 0);
}
