import { trendOf, type Allowance, type Trend } from "../product/trend.ts";

/** What is measured over time, and how much it may grow from the second quarter of the run to the last. */
export const CURVES = {
  memory: { unit: "MiB", growth: 1.25, slack: 64, says: "resident size of the process" },
  handles: { unit: "", growth: 1.1, slack: 16, says: "open files, sockets and pipes" },
  // Sorting writes everything once more before it lets go of the old: so per event, and generous.
  disk: { unit: "bytes an event", growth: 1.5, slack: 200, says: "data folder per stored event" },
  queue: { unit: "MiB", growth: 1.5, slack: 64, says: "the queue's file" },
  lag: { unit: "ms", growth: 2, slack: 500, says: "from the yes to the first answer that holds the event" },
} as const satisfies Record<string, Allowance & { unit: string; says: string }>;

export type CurveName = keyof typeof CURVES;

export const judge = (name: CurveName, samples: readonly (number | undefined)[]): Trend =>
  trendOf(samples, CURVES[name]);

const BARS = "▁▂▃▄▅▆▇█";

/** A curve in one line of text: the largest sample of each of `width` pieces, from zero to the largest of all. Unknown is left out. */
export function drawCurve(all: readonly (number | undefined)[], width: number): string {
  const samples = all.filter((sample) => sample !== undefined);
  const most = Math.max(...samples, Number.MIN_VALUE);
  const columns = Math.min(width, samples.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * samples.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * samples.length) / columns));
    const peak = Math.max(...samples.slice(from, to));
    return BARS[Math.min(BARS.length - 1, Math.floor((peak / most) * BARS.length))] ?? "";
  }).join("");
}
