/** What every client asks about: forty purchases of three days, small enough to be counted by hand. */
export interface Purchase {
  readonly country: string;
  readonly price: number;
  readonly user: string;
  readonly plan?: string;
  readonly isNew: boolean;
  readonly keen: { readonly timestamp: string; readonly location: { readonly coordinates: readonly [number, number] } };
}

export const COLLECTION = "purchases";

const START = Date.UTC(2026, 0, 5);
const COUNTRIES = ["DE", "PL", "US"] as const;
/** Berlin, Warsaw, San Francisco. */
const PLACES = [
  [13.4, 52.52],
  [21.01, 52.23],
  [-122.42, 37.77],
] as const;

export const PURCHASES: readonly Purchase[] = Array.from({ length: 40 }, (_, n) => ({
  country: COUNTRIES[n % 3] ?? "",
  price: ((n * 7) % 20) + 0.5,
  user: `u${n % 11}`,
  ...(n % 4 !== 0 && { plan: n % 2 === 0 ? "pro" : "free" }),
  isNew: n < 11,
  keen: {
    timestamp: new Date(START + n * 6_420_000).toISOString(),
    location: { coordinates: PLACES[n % 3] ?? [0, 0] },
  },
}));

/** All three days. */
export const TIMEFRAME = { start: "2026-01-05T00:00:00.000Z", end: "2026-01-08T00:00:00.000Z" };
const DAYS = ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"].map((day) => `${day}T00:00:00.000Z`);

export function count(where: (purchase: Purchase) => boolean): number {
  return PURCHASES.filter(where).length;
}

/** A value for each day, in Keen's shape. */
export function byDay(value: (of: readonly Purchase[]) => unknown) {
  return DAYS.slice(0, -1).map((start, index) => {
    const end = DAYS[index + 1] ?? "";
    const of = PURCHASES.filter(({ keen }) => keen.timestamp >= start && keen.timestamp < end);
    return { value: value(of), timeframe: { start, end } };
  });
}

/** A result for each country, in Keen's shape and order. */
export function byCountry(of: readonly Purchase[], result: (of: readonly Purchase[]) => unknown) {
  return COUNTRIES.map((country) => ({ country, result: result(of.filter((each) => each.country === country)) }));
}
