import type { Unit } from "../state/metrics.ts";
import { keptBy } from "./intl.ts";

/** Formats values by unit in one locale. */
export interface NumberFormat {
  /** Full number: `12,345`. */
  readonly count: (value: number) => string;
  /** For an axis: counts from 10,000 on as `12.3K`. */
  readonly short: (value: number, unit: Unit) => string;
  /** For a card: counts from a million on as `1.2M`. */
  readonly figure: (value: number | null, unit: Unit) => string;
  readonly value: (value: number | null, unit: Unit) => string;
  /** `+12 %` with its sign, `0 %` without; beyond tenfold as a multiple. */
  readonly change: (change: number) => string;
}

/** The numbers of a locale; the same object for the same one. */
export const numberFormat = keptBy((locale): NumberFormat => {
  /** Made when the first number wants it: a page has few of them. */
  const format = (options: Intl.NumberFormatOptions) => {
    let made: Intl.NumberFormat | undefined;
    return (n: number) => (made ??= new Intl.NumberFormat(locale, options)).format(n);
  };
  const whole = format({ maximumFractionDigits: 0 });
  const decimal = format({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const amount = format({ maximumFractionDigits: 2 });
  const compact = format({ notation: "compact", maximumFractionDigits: 1 });
  const percent = format({ style: "percent", maximumFractionDigits: 0 });
  const signed = format({ style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const value = (n: number | null, unit: Unit): string => {
    if (n === null) return "–";
    if (unit === "percent") return percent(n);
    if (unit === "decimal") return decimal(n);
    if (unit === "duration") return duration(n);
    if (unit === "amount") return amount(n);
    return whole(n);
  };
  return {
    count: whole,
    figure: (n, unit) =>
      (unit === "count" || unit === "amount") && n !== null && Math.abs(n) >= 1_000_000 ? compact(n) : value(n, unit),
    short: (n, unit) =>
      (unit === "count" || unit === "amount") && Math.abs(n) >= 10_000 ? compact(n) : value(n, unit),
    value,
    change: (change) => (change >= 9.995 ? `×${whole(change + 1)}` : signed(change)),
  };
});

/** Milliseconds as `0s`, `42s`, `3m 05s`, `1h 02m`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}
