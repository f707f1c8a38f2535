/** What is measured over time, and how much it may grow from the second quarter of the run to the last. */
export const CURVES = {
  memory: { unit: "MiB", growth: 1.25, slack: 64, says: "resident size of the process" },
  handles: { unit: "", growth: 1.1, slack: 16, says: "open files, sockets and pipes" },
  // Sorting writes everything once more before it lets go of the old: so per event, and generous.
  disk: { unit: "bytes an event", growth: 1.5, slack: 200, says: "data folder per stored event" },
  queue: { unit: "MiB", growth: 1.5, slack: 64, says: "the queue's file" },
  lag: { unit: "ms", growth: 2, slack: 500, says: "from the yes to the first answer that holds the event" },
} as const satisfies Record<string, { unit: string; growth: number; slack: number; says: string }>;

export type CurveName = keyof typeof CURVES;

export interface Verdict {
  readonly before: number;
  readonly after: number;
  readonly holds: boolean;
}

const QUARTERS = 4;

/**
 * The median of the last quarter beside that of the second; the first is for warming up. A median, because a sort, a garbage
 * collection or a busy neighbour makes a peak and not a trend.
 */
export function judge(name: CurveName, samples: readonly number[]): Verdict {
  const quarter = Math.floor(samples.length / QUARTERS);
  const before = median(samples.slice(quarter, 2 * quarter));
  const after = median(samples.slice(samples.length - quarter));
  const { growth, slack } = CURVES[name];
  return { before, after, holds: quarter > 0 && after <= before * growth + slack };
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
}

const BARS = "▁▂▃▄▅▆▇█";

/** A curve in one line of text: the largest sample of each of `width` pieces, from zero to the largest of all. */
export function drawCurve(samples: readonly number[], width: number): string {
  const most = Math.max(...samples, Number.MIN_VALUE);
  const columns = Math.min(width, samples.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * samples.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * samples.length) / columns));
    const peak = Math.max(...samples.slice(from, to));
    return BARS[Math.min(BARS.length - 1, Math.floor((peak / most) * BARS.length))] ?? "";
  }).join("");
}
