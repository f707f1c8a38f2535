import type { CalendarUnit } from "@millrace/core";

/** Most units of a timeframe or interval: about 1,000 years of each. Far more than data, far less than what overflows a date. */
const MOST: Record<CalendarUnit, number> = {
  minute: 525_960_000,
  hour: 8_766_000,
  day: 365_250,
  week: 52_178,
  month: 12_000,
  year: 1_000,
};

export interface Units {
  readonly count: number;
  readonly unit: CalendarUnit;
}

/** Reads `7` and `days` (or `day`); undefined when the number is 0 or beyond about 1,000 years. */
export function readUnits(digits: string, unit: string): Units | undefined {
  const singular = unit.replace(/s$/, "") as CalendarUnit;
  const count = Number(digits);
  return count >= 1 && count <= MOST[singular] ? { count, unit: singular } : undefined;
}

/** For regular expressions: the units in singular and plural. */
export const UNIT_PATTERN = "minutes?|hours?|days?|weeks?|months?|years?";
