/** How long the collector takes, in seconds. */
export interface ServiceTimes {
  readonly perBatch: number;
  readonly perEvent: number;
}

/** Straight line through measured batches, by least squares. @param points events in a batch, and its seconds */
export function fit(points: readonly (readonly [number, number])[]): ServiceTimes {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const variance = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const perEvent = covariance / variance;
  return { perEvent, perBatch: Math.max(0, y - perEvent * x) };
}
