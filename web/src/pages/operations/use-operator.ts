import { locale } from "../../language/words.ts";
import { numberFormat } from "../../format/number.ts";
import { useReader } from "../../shell/reader.tsx";

/** What the pages of operators share: who asks, and how things are written. Times are those of the operator's own clock. */
export function useOperator() {
  const { access } = useReader();
  return { access, locale, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, numbers: numberFormat(locale) };
}

/** `12ms`, `1.2s`. */
export function durationText(locale: string, ms: number | null): string {
  if (ms === null) return "–";
  const [value, unit, digits] = ms < 1_000 ? [ms, "millisecond", 0] : [ms / 1_000, "second", 1];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "narrow",
    maximumFractionDigits: digits,
  }).format(value);
}
