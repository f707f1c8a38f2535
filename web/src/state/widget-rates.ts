import { t } from "../language/words.ts";

/** The steps of a widget's way, each with the one that its rate is of. */
export const STEPS = [
  { step: "shown", label: t("Shown"), of: undefined },
  { step: "seen", label: t("Seen"), of: "shown" },
  { step: "used", label: t("Used"), of: "seen" },
  { step: "converted", label: t("Converted"), of: "shown" },
] as const;

type Counts = Readonly<Record<(typeof STEPS)[number]["step"], number>>;

/** The share of those who could have; null where nobody could. */
export function rateOf(counts: Counts, { step, of }: (typeof STEPS)[number]): number | null {
  if (of === undefined || counts[of] === 0) return null;
  return counts[step] / counts[of];
}

/**
 * Whether two shares differ by more than chance does in nineteen of twenty cases (two-proportion z-test). A version that looks better after
 * ten views is not better.
 * @returns undefined where the counts are too small for the test to mean anything
 */
export function differs(before: readonly [part: number, whole: number], after: readonly [part: number, whole: number]) {
  const [[a, n], [b, m]] = [before, after];
  const pooled = (a + b) / (n + m);
  const expected = Math.min(pooled, 1 - pooled) * Math.min(n, m);
  if (!(expected >= 5)) return undefined;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return Math.abs(b / m - a / n) > 1.96 * error;
}
