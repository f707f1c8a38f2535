import { t } from "../language/words.ts";
/** One of the Web Vitals that the tracker's part `vitals` records, with Google's limits of what is good and what is poor. */
export interface Vital {
  readonly id: "lcp" | "inp" | "cls" | "fcp" | "ttfb";
  readonly label: string;
  readonly about: string;
  /** Up to here it is good, above `poor` it is poor, between them it needs work. Milliseconds, but for `cls`. */
  readonly good: number;
  readonly poor: number;
}

export const VITALS = [
  {
    id: "lcp",
    label: "LCP",
    about: t("Largest Contentful Paint: when the main thing was there"),
    good: 2_500,
    poor: 4_000,
  },
  {
    id: "inp",
    label: "INP",
    about: t("Interaction to Next Paint: how soon it answered a touch"),
    good: 200,
    poor: 500,
  },
  { id: "cls", label: "CLS", about: t("Cumulative Layout Shift: how much it moved about"), good: 0.1, poor: 0.25 },
  { id: "fcp", label: "FCP", about: t("First Contentful Paint: when there was anything"), good: 1_800, poor: 3_000 },
  { id: "ttfb", label: "TTFB", about: t("Time to First Byte: when the server answered"), good: 800, poor: 1_800 },
] as const satisfies readonly Vital[];

/** The named one, or the first. */
export function vitalOf(id: string | undefined): Vital {
  return VITALS.find((vital) => vital.id === id) ?? VITALS[0];
}

export type Rating = "good" | "fair" | "poor";

export const RATINGS = [
  { rating: "good", label: t("good") },
  { rating: "fair", label: t("needs work") },
  { rating: "poor", label: t("poor") },
] as const satisfies readonly { rating: Rating; label: string }[];

export function ratingOf({ good, poor }: Vital, value: number): Rating {
  return value <= good ? "good" : value <= poor ? "fair" : "poor";
}

/** A value of it, for people. */
export function vitalText({ id }: Vital, value: number | null, locale: string): string {
  if (value === null) return "–";
  if (id === "cls") return value.toLocaleString(locale, { maximumFractionDigits: 2 });
  return value < 1_000
    ? `${Math.round(value)} ms`
    : `${(value / 1_000).toLocaleString(locale, { maximumFractionDigits: 2 })} s`;
}
