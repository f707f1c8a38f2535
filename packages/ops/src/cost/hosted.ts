/** Hosted services' list prices for events alone, US dollars a month. Volumes like these are negotiated; a list is where one starts. */

interface Plan {
  readonly monthly: number;
  readonly includedEvents: number;
}

/** Keen's public calculator of 2020, the last there was. */
const KEEN_PLANS: readonly Plan[] = [
  { monthly: 149, includedEvents: 0.25e6 },
  { monthly: 699, includedEvents: 3.5e6 },
  { monthly: 2_500, includedEvents: 20e6 },
];
/** Each dollar above the plan buys so many events more. */
const KEEN_EVENTS_PER_DOLLAR = 5_000;

/** What Keen asked for so many events in a month, in the plan that is cheapest for them; queries came on top. */
export function keenListPrice(events: number): number {
  return Math.min(
    ...KEEN_PLANS.map(({ monthly, includedEvents }) => {
      return monthly + Math.max(0, events - includedEvents) / KEEN_EVENTS_PER_DOLLAR;
    }),
  );
}
