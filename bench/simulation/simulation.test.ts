import { retryDelayMs } from "@millrace/collector";
import { describe, expect, test } from "vitest";
import { createBacklog } from "./backlog.ts";
import { fit } from "./fit.ts";
import { createHistogram } from "./histogram.ts";
import { play, type Outage, type Pipeline } from "./mapping.ts";
import { seededRandom } from "./random.ts";
import { arrivals, trafficRates } from "./traffic.ts";

const pipeline: Pipeline = {
  collectors: 2,
  pollers: 1,
  batchMessages: 10,
  window: 1,
  eventsPerMessage: 5,
  perBatch: 0.1,
  perEvent: 0.002,
  spread: 0,
  storeRate: 1e9,
  budget: 45,
  retryAfter: (deliveries) => retryDelayMs(deliveries) / 1_000,
};

/** Plays messages that arrive at exactly these times. */
function playTimes(times: readonly number[], changes: Partial<Pipeline> = {}, outage?: Outage) {
  let next = 0;
  return play({ ...pipeline, ...changes }, () => times[next++] ?? Infinity, seededRandom(1), outage);
}
const at = (second: number, count: number) => Array.from({ length: count }, () => second);

describe("the mapping", () => {
  test("a single message waits for the window, then for its handling", () => {
    const run = playTimes([3]);
    expect(run).toMatchObject({ messages: 1, calls: 1, mostWaiting: 0, longestBehind: 0 });
    expect(run.lag.max).toBeCloseTo(1 + 0.1 + 5 * 0.002);
  });

  test("a full batch waits for nothing", () => {
    const run = playTimes(at(3, 10));
    expect(run.calls).toBe(1);
    expect(run.lag.max).toBeCloseTo(0.1 + 50 * 0.002);
  });

  test("never more collectors than allowed; the rest waits its turn and is stored", () => {
    const run = playTimes(at(0, 60));
    // Six full batches of 0.2 s on two collectors: three rounds.
    expect(run).toMatchObject({ calls: 6, mostRunning: 2, mostWaiting: 40 });
    expect(run.lag.max).toBeCloseTo(0.6);
    expect(run.longestBehind).toBeCloseTo(0.4);
    expect(run.lag.count).toBe(60);
  });

  test("a store at its limit is the limit, however many collectors there are", () => {
    const run = playTimes(at(0, 100), { collectors: 50, storeRate: 100 });
    expect(run.lag.max).toBeCloseTo(500 / 100);
  });

  test("a store that is away shortly only delays; nothing is given back", () => {
    const run = playTimes([0], {}, { start: 0, end: 30 });
    expect(run).toMatchObject({ calls: 1, mostDeliveries: 1 });
    expect(run.lag.max).toBeCloseTo(30 + 0.11);
  });

  test("a store that is away longer: what was given back comes after the collector's own delays, and is stored exactly once", () => {
    const run = playTimes([0, 60], {}, { start: 0, end: 200 });
    // The first is tried for 45 s at 1, 51, 106 and 171 (after 5, 10 and 20 s), the second at 61, 111 and 166: both when it ends.
    expect(run.mostDeliveries).toBe(4);
    expect(run.lag.count).toBe(2);
    expect(run.lag.max).toBeCloseTo(200 + 0.11);
    expect(run.mostWaiting).toBe(2);
  });

  test("who failed later and waits shorter is back first", () => {
    const delays = [50, 50, 1];
    const changes = { budget: 1, retryAfter: () => delays.shift() ?? 0 };
    const run = playTimes([0, 20], changes, { start: 0, end: 53.5 });
    // The first fails at 1 and at 52 and is stored at 54; the second, which failed at 21, waits until 72 and holds nobody up.
    expect(run.mostDeliveries).toBe(3);
    expect(run.lag.max).toBeCloseTo(54 + 0.11);
  });

  test("several pollers gather side by side: more calls for the same messages, none of them lost", () => {
    const times = Array.from({ length: 500 }, (_, i) => i / 10);
    const one = playTimes(times, { batchMessages: 100, collectors: 10 });
    const five = playTimes(times, { batchMessages: 100, collectors: 10, pollers: 5 });
    expect(five.calls).toBeGreaterThan(one.calls * 3);
    expect(five.lag.count).toBe(500);
  });

  test("the same seed gives the same run, another one another", () => {
    const once = (seed: number) => {
      const random = seededRandom(seed);
      const rates = trafficRates({ ...options, days: 2, messages: 50_000, random });
      const { lag, ...rest } = play({ ...pipeline, spread: 0.3 }, arrivals(rates, random), random);
      return { ...rest, max: lag.max, median: lag.quantile(0.5) };
    };
    expect(once(7)).toEqual(once(7));
    expect(once(7)).not.toEqual(once(8));
  });
});

const options = {
  days: 14,
  messages: 200_000,
  spikeFactor: 10,
  spikesPerWeek: 5,
  spikeMinutes: 30,
  random: seededRandom(3),
};

describe("the traffic", () => {
  test("has the number of messages asked for, spikes included, in the order of time", () => {
    const next = arrivals(trafficRates(options), seededRandom(3));
    let count = 0;
    let last = 0;
    let backwards = 0;
    for (let time = next(); time !== Infinity; time = next()) {
      if (time < last) backwards++;
      last = time;
      count++;
    }
    expect(backwards).toBe(0);
    // A Poisson count: three standard deviations.
    expect(Math.abs(count - options.messages)).toBeLessThan(3 * Math.sqrt(options.messages));
    expect(last).toBeLessThan(14 * 86_400);
  });

  test("spikes are as high as asked and as long, and none is there when none was asked for", () => {
    const plain = trafficRates({ ...options, spikeFactor: 1 });
    const spiked = trafficRates(options);
    const scale = (spiked.at(0) ?? 0) / (plain.at(0) ?? 1);
    const higher = spiked.filter((rate, minute) => rate / (plain[minute] ?? 1) > scale * 9.99);
    expect(higher.length).toBeGreaterThan(8 * 30);
    expect(higher.length).toBeLessThanOrEqual(10 * 30);
  });
});

test("the histogram's quantiles are nearest ranks, to a hundredth below 100 s and to a second above", () => {
  const histogram = createHistogram();
  for (let i = 1; i <= 100; i++) histogram.add(i / 10 - 0.005);
  expect(histogram.quantile(0.5)).toBeCloseTo(5);
  expect(histogram.quantile(0.99)).toBeCloseTo(9.9);
  histogram.add(1_234.5);
  expect(histogram.quantile(1)).toBe(1_235);
  expect(histogram.max).toBe(1_234.5);
  expect(createHistogram().quantile(0.5)).toBe(0);
});

test("the backlog gives back what came first, also after it has grown while its start was moved", () => {
  const backlog = createBacklog();
  for (let i = 0; i < 700; i++) backlog.push(i);
  for (let i = 0; i < 500; i++) expect(backlog.shift()).toBe(i);
  for (let i = 700; i < 5_000; i++) backlog.push(i);
  for (let i = 500; i < 5_000; i++) expect(backlog.shift()).toBe(i);
  expect(backlog.size).toBe(0);
});

test("service times are the line through what was measured, and a batch never takes less than nothing", () => {
  const { perBatch, perEvent } = fit([5, 50, 500].map((events) => [events, 0.03 + events * 0.001] as const));
  expect(perBatch).toBeCloseTo(0.03);
  expect(perEvent).toBeCloseTo(0.001);
  expect(
    fit([
      [10, 0.001],
      [20, 0.01],
    ]).perBatch,
  ).toBe(0);
});
