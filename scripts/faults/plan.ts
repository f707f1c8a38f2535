import type { Random } from "../../bench/simulation/random.ts";
import { FAULTS, type FaultKind } from "./kinds.ts";
import type { Options } from "./options.ts";

export interface PlannedFault {
  readonly kind: FaultKind;
  /** It begins when this part of the events is acknowledged, 0 to 1, or later when the lane is not free. */
  readonly at: number;
  readonly seconds: number;
  /** Of a kill: how far the clock of the process is off after the start, ms. */
  readonly skewMs?: number;
}

/**
 * First the faults that must stay local, each alone: what the other projects feel of it is measured then. Then the storm: faults of
 * one lane come one after the other, lanes side by side, so that a process is killed while its store is gone, too.
 */
export interface Plan {
  readonly alone: readonly PlannedFault[];
  readonly process: readonly PlannedFault[];
  readonly surroundings: readonly PlannedFault[];
}

/** The first part of a campaign is calm: what the others are compared with. */
export const CALM_UNTIL = 0.15;
const STORM_FROM = 0.35;
const LAST_AT = 0.95;
/** More than any machine's clock is corrected by at once, less than what "settled" allows for. */
const MOST_SKEW_MS = 30_000;

/**
 * The plan of a campaign: the same for the same options. The outages, slow answers and blocks of a store need a store that is a
 * process of its own; with DuckDB a full disk is the outage.
 */
export function makePlan(options: Options, random: Random): Plan {
  const { kills, outages, rounds, neighbours, only, openSearch } = options;
  const hasServer = openSearch !== undefined;
  const wanted = (kinds: FaultKind[]) => kinds.filter((kind) => only?.includes(kind) ?? true);
  const local: FaultKind[] = ["garbage", "hostile", ...(hasServer ? (["blocked-partition"] as const) : [])];
  const global: FaultKind[] = [
    ...(hasServer ? (["slow-store", "full-disk"] as const) : []),
    "hung-registry",
    "cut-lines",
    "silent-lines",
  ];
  const times = (kinds: readonly FaultKind[], count: number) => Array.from({ length: count }, () => kinds).flat();
  const storm = [
    ...times([hasServer ? "outage" : "full-disk"], outages),
    ...times(global, rounds),
    ...times(local, rounds - 1),
  ];
  return {
    alone: spread(wanted(times(local, neighbours)), CALM_UNTIL, STORM_FROM, random),
    process: spread(
      wanted([...times(["kill"], kills), ...times(["replay", "freeze"], rounds)]),
      STORM_FROM,
      LAST_AT,
      random,
    ),
    surroundings: spread(wanted(storm), STORM_FROM, LAST_AT, random),
  };
}

/** In random order, evenly over one part of the campaign. */
function spread(kinds: readonly FaultKind[], from: number, to: number, random: Random): PlannedFault[] {
  const step = (to - from) / Math.max(1, kinds.length);
  return shuffled(kinds, random).map((kind, index) => ({
    kind,
    at: from + step * (index + random.uniform() / 2),
    seconds: FAULTS[kind].seconds,
    ...(kind === "kill" && { skewMs: Math.round((random.uniform() * 2 - 1) * MOST_SKEW_MS) }),
  }));
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.uniform() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
