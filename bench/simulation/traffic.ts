import type { Random } from "./random.ts";

const MINUTE = 60;
const MINUTES_PER_DAY = 1_440;
const HOUR_MINUTES = 60;

export interface TrafficOptions {
  readonly days: number;
  /** All messages of the time, spikes included. */
  readonly messages: number;
  /** What a spike multiplies the ordinary rate of its moment by; 1 for none. */
  readonly spikeFactor: number;
  readonly spikesPerWeek: number;
  readonly spikeMinutes: number;
  readonly random: Random;
}

/** Messages per second in each minute. */
export type Rates = Float64Array;

/**
 * Traffic of a service for people: quietest at 4 in the morning, busiest at 16, weekends at 60 %, and spikes (a launch, a mention
 * in the news) at random minutes. Scaled so that the whole time has the number of messages asked for.
 */
export function trafficRates(options: TrafficOptions): Rates {
  const { days, messages, spikeFactor, spikesPerWeek, spikeMinutes, random } = options;
  const minutes = days * MINUTES_PER_DAY;
  const rates = Float64Array.from({ length: Math.ceil(minutes) }, (_, minute) => ordinary(minute));
  // One at least, however short the time.
  const spikes = spikeFactor > 1 ? Math.max(1, Math.round((days / 7) * spikesPerWeek)) : 0;
  for (let spike = 0; spike < spikes; spike++) {
    const start = Math.floor(random.uniform() * minutes);
    const end = Math.min(minutes, start + spikeMinutes);
    // Two spikes at once are one.
    for (let minute = start; minute < end; minute++) rates[minute] = ordinary(minute) * spikeFactor;
  }
  const sum = rates.reduce((all, rate) => all + rate * MINUTE, 0);
  return rates.map((rate) => (rate * messages) / sum);
}

function ordinary(minute: number): number {
  const hour = minute / HOUR_MINUTES;
  const weekend = Math.floor(minute / MINUTES_PER_DAY) % 7 >= 5;
  return (1 - 0.6 * Math.cos(((hour - 4) / 24) * 2 * Math.PI)) * (weekend ? 0.6 : 1);
}

/** Times of arrival in seconds, one call after the other, Infinity at the end: independent visitors, so a Poisson process. */
export function arrivals(rates: Rates, random: Random): () => number {
  let now = 0;
  let minute = 0;
  return () => {
    while (minute < rates.length) {
      const rate = rates[minute] ?? 0;
      const next = rate > 0 ? now + random.gap(rate) : Number.POSITIVE_INFINITY;
      const end = (minute + 1) * MINUTE;
      if (next < end) return (now = next);
      // A Poisson process has no memory: beginning anew at the minute's end changes nothing.
      now = end;
      minute++;
    }
    return Number.POSITIVE_INFINITY;
  };
}
