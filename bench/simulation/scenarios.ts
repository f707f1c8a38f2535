import type { NodeType } from "@millrace/ops";
import { play, type Outage, type Pipeline, type Run } from "./mapping.ts";
import { seededRandom } from "./random.ts";
import { arrivals, trafficRates } from "./traffic.ts";

const DAY = 86_400;
const NOON = 12 * 3_600;
const HOUR = 3_600;
const SPIKES_PER_WEEK = 5;
const SPIKE_MINUTES = 30;

export interface Load {
  readonly days: number;
  readonly events: number;
  readonly spikeFactor: number;
  readonly seed: number;
}

export interface Scenario {
  readonly name: string;
  readonly run: Run;
}

/** The same load in four ways: as it is hoped for, with spikes, with an outage on top, and with the smallest throttle there is. */
export function* scenarios(load: Load, pipeline: Pipeline): Generator<Scenario> {
  const { spikeFactor } = load;
  const start = load.days > 1 ? DAY + NOON : (load.days * DAY) / 2;
  const outage = { start, end: start + HOUR };
  const spiked = `${spikeFactor}x for ${SPIKE_MINUTES} min, ${SPIKES_PER_WEEK} times a week`;
  yield { name: "no spikes", run: simulate({ ...load, spikeFactor: 1 }, pipeline) };
  yield { name: spiked, run: simulate(load, pipeline) };
  yield { name: "… and the store away for an hour", run: simulate(load, pipeline, outage) };
  yield { name: "… and 2 collectors only", run: simulate(load, { ...pipeline, collectors: 2 }, outage) };
}

function simulate({ days, events, spikeFactor, seed }: Load, pipeline: Pipeline, outage?: Outage): Run {
  const random = seededRandom(seed);
  const rates = trafficRates({
    days,
    messages: events / pipeline.eventsPerMessage,
    spikeFactor,
    spikesPerWeek: SPIKES_PER_WEEK,
    spikeMinutes: SPIKE_MINUTES,
    random,
  });
  return play(pipeline, arrivals(rates, random), random, outage);
}

/** A domain for so many events kept at once, as stacks/stage.ts sizes it; beyond its largest size see docs/scale.md. */
export interface Domain {
  readonly nodes: readonly { readonly type: NodeType; readonly count: number }[];
  readonly diskGb: number;
}

const BYTES_PER_EVENT = 500;
/** The service keeps a fifth free, and merging and the operating system need room: AWS's own factor. */
const DISK_FACTOR = 1.45;
const GB = 1e9;

/** @param stored events kept at once */
export function domainFor(stored: number): Domain {
  const disk = (copies: number) => Math.ceil((stored * BYTES_PER_EVENT * copies * DISK_FACTOR) / GB);
  if (stored <= 5e6) return { nodes: [{ type: "t3.small", count: 1 }], diskGb: Math.max(10, disk(1)) };
  if (stored <= 60e6) return { nodes: [{ type: "m7g.medium", count: 2 }], diskGb: Math.max(60, disk(2)) };
  if (stored <= 600e6) return { nodes: [{ type: "r7g.large", count: 3 }], diskGb: Math.max(750, disk(2)) };
  // A data node of this size serves about a terabyte of hot events; from three up the managers are nodes of their own.
  const count = Math.max(3, Math.ceil(disk(2) / 1_000));
  return {
    nodes: [
      { type: "r7g.xlarge", count },
      { type: "m7g.large", count: 3 },
    ],
    diskGb: disk(2),
  };
}
