/**
 * The first instant that is kept, milliseconds UTC: the start of the month `months` before the current one. Months are what the
 * store is cut into, so the oldest is kept whole until it is dropped whole.
 */
export function oldestKept(now: number, months: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1);
}
