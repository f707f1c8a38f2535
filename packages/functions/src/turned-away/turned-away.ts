import {
  HOUR_MS,
  hourOf,
  type Clock,
  type RefusedRow,
  type Registry,
  type TurnedAwayReason,
  type TurnedAwayRow,
} from "@millrace/core";
import { edgeMetrics, stageMetrics, turnedAwayIn, type Counted } from "./count.ts";
import type { ReadMetrics } from "../cloudwatch/metrics.ts";

const PARTITION = "turned-away";
const STATE = { partition: "turned-away:state", sort: "next" };
/** As long as refusals: no part of the balance. */
const KEEP_MS = 400 * 24 * HOUR_MS;
/** After an hour's end: AWS's counts are some minutes late. */
const LATE_MS = 15 * 60_000;
/** What is made up for after an outage; AWS keeps counts by the minute as long. */
const MOST_MS = 14 * 24 * HOUR_MS;

interface Hour {
  readonly counts: Readonly<Partial<Record<TurnedAwayReason, number>>>;
}

export interface TurnedAwayParts {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly counted: Counted;
  readonly stage: ReadMetrics;
  /** Of the region in which CloudFront counts. */
  readonly edge: ReadMetrics;
}

/**
 * Notes what the firewall, the gateway and Lambda turned away in the hours that are over and not noted yet; asks AWS nothing where
 * there are none, which is all calls of an hour but one. Safe to repeat.
 * @returns how many hours were noted
 */
export async function noteTurnedAway({ registry, clock, counted, stage, edge }: TurnedAwayParts): Promise<number> {
  const end = hourOf(clock.now() - LATE_MS);
  const next = (await registry.get<number>(STATE))?.value ?? end - HOUR_MS;
  const from = Math.max(next, end - MOST_MS);
  if (from >= end) return 0;
  const [inside, outside] = await Promise.all([
    stage(stageMetrics(counted), from, end),
    counted.firewall === undefined ? undefined : edge(edgeMetrics(counted.firewall), from, end),
  ]);
  for (let hour = from; hour < end; hour += HOUR_MS) {
    const counts = turnedAwayIn({ ...inside.get(hour), ...outside?.get(hour) });
    if (Object.values(counts).every((count) => count === 0)) continue;
    const key = { partition: PARTITION, sort: digits(hour) };
    await registry.put<Hour>(key, { counts }, { expiresAt: hour + KEEP_MS });
  }
  await registry.put(STATE, end);
  return (end - from) / HOUR_MS;
}

/**
 * What never came as far as a project: what is noted of AWS's own counts, and what we refused without knowing whose it was.
 * @param refused of no known project
 */
export function turnedAwayReader(
  registry: Registry,
  refused: (from: number, to: number) => Promise<readonly RefusedRow[]>,
): (from: number, to: number) => Promise<TurnedAwayRow[]> {
  return async (from, to) => {
    const [noted, unknown] = await Promise.all([registry.listFrom<Hour>(PARTITION, digits(from)), refused(from, to)]);
    return [
      ...noted.flatMap(({ key, value }) => {
        const hour = Number(key.sort);
        const reasons = Object.entries(value.counts) as [TurnedAwayReason, number][];
        return hour < to ? reasons.map(([reason, count]) => ({ hour, reason, count })) : [];
      }),
      ...unknown.map(({ hour, count }) => ({ hour, reason: "unknown_project" as const, count })),
    ];
  };
}

/** As wide as every time of this epoch, so that text sorts as time does. */
function digits(ms: number): string {
  return String(ms).padStart(14, "0");
}
