const FIRST_MS = 1_000;

/** How long to wait after the `failures`-th failure in a row (1 for the first): doubling from one second up to `limitMs`. */
export function backOffMs(failures: number, limitMs: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 30), limitMs);
}
