import { loadOf, monthlyBill, type Bill, type NodeType, type StageLoad } from "@millrace/ops";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DOMAIN_SIZES } from "../../stacks/stages.ts";

export type Size = keyof typeof DOMAIN_SIZES;

/** Counted in the checked-in list of what a stage deploys. */
function alarmsOf(stage: "production" | "staging"): number {
  const text = readFileSync(join(import.meta.dirname, `../../stacks/inventory/${stage}.txt`), "utf8");
  return text.split("\n").filter((line) => line.startsWith("cloudwatch.MetricAlarm")).length;
}

/** A stage of one size with so many events a month, as stacks/ deploys it. */
export function stageOf(domain: Size, events: number, change: Partial<StageLoad> = {}): StageLoad {
  const { instance, nodes, diskGb } = DOMAIN_SIZES[domain];
  const production = domain !== "small";
  return {
    events,
    eventsPerRequest: 5,
    openPages: 1,
    keptAnswers: 10,
    windowSeconds: 1,
    nodes: { type: instance satisfies NodeType, count: nodes },
    diskGb: diskGb * nodes,
    alarms: alarmsOf(production ? "production" : "staging"),
    firewall: production,
    archive: production,
    ...change,
  };
}

/** What of a stage costs by the hour, as `/ops/cost` takes it. */
export function shapeQuery({ nodes, diskGb, windowSeconds, keptAnswers, alarms, firewall, archive }: StageLoad) {
  return new URLSearchParams({
    instance: nodes.type,
    nodes: String(nodes.count),
    disk_gb: String(diskGb),
    window: String(windowSeconds),
    kept: String(keptAnswers),
    alarms: String(alarms),
    firewall: String(firewall),
    archive: String(archive),
  });
}

/** What the table of docs/deploy.md shows, in its order. */
export function documented(): (readonly [name: string, bill: Bill])[] {
  const of = (...args: Parameters<typeof stageOf>) => monthlyBill(loadOf(stageOf(...args)));
  return [
    ["small, idle", of("small", 0)],
    ["small, 1M events", of("small", 1e6)],
    ["standard, 10M", of("standard", 10e6)],
    ["large, 125M", of("large", 125e6)],
    ["large, window 5 s", of("large", 125e6, { windowSeconds: 5 })],
  ];
}

/** Dollars, as exactly as such a sum deserves. */
export const usd = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
