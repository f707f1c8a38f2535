// What the bucket edges of a query cost: computed, against asking the zone's calendar for each of them.
import { addUnits, bucketEdges, startOf, type CalendarUnit, type Zone } from "@millrace/core";

const DAY_MS = 86_400_000;
const ZONE: Zone = { kind: "named", name: "Europe/Berlin" };
const END = Date.UTC(2026, 11, 31, 23);
const CASES: readonly [unit: CalendarUnit, days: number][] = [
  ["minute", 6],
  ["hour", 365],
  ["day", 10 * 365],
  ["week", 20 * 365],
];

const rows = CASES.map(([unit, days]) => {
  const range = { start: END - days * DAY_MS, end: END };
  const edges = bucketEdges({ kind: "calendar", unit }, range, ZONE).length;
  const computed = cpuUs(() => bucketEdges({ kind: "calendar", unit }, range, ZONE));
  const asked = cpuUs(() => {
    for (let at = startOf(unit, range.start, ZONE); at < range.end;)
      at = startOf(unit, addUnits(unit, 1, at, ZONE), ZONE);
  });
  return {
    buckets: `${edges - 1}, by ${unit}`,
    "computed, ms": (computed / 1000).toFixed(2),
    "asked, ms": (asked / 1000).toFixed(1),
    ratio: `${Math.round(asked / computed)}x`,
  };
});
console.table(rows);

/** CPU time of the second of two runs. */
function cpuUs(work: () => unknown): number {
  work();
  const before = process.cpuUsage();
  work();
  return Math.max(1, process.cpuUsage(before).user);
}
