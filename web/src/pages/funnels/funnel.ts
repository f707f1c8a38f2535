import type { AnyAnswer } from "../../asking/answer.ts";
import type { GroupValue } from "../explore/table.ts";

interface Seconds {
  readonly average: number;
  readonly median: number;
  readonly p90: number;
}

export interface Step {
  readonly count: number;
  /** Share of those who did the first step. */
  readonly ofFirst: number | null;
  /** Share of those who did the step before. */
  readonly ofBefore: number | null;
  /** How many did the step before and not this one. */
  readonly dropped: number;
  /** Seconds since the step before; null for the first, without an order, and where nobody got there. */
  readonly seconds: Seconds | null;
}

export interface Funnel {
  readonly steps: readonly Step[];
  /** Of each value of the breakdown, largest first. */
  readonly groups: readonly { readonly value: GroupValue; readonly steps: readonly Step[] }[];
}

interface Told {
  readonly result: readonly number[];
  readonly time_to_convert?: readonly (Seconds | null)[];
}

/** An answer of a funnel, read. @param breakdown the property that it was broken down by; empty for none */
export function funnelOf(answer: AnyAnswer, breakdown: string): Funnel {
  const told = answer as unknown as Told & { readonly groups?: readonly (Told & Readonly<Record<string, unknown>>)[] };
  const groups = (told.groups ?? []).map((group) => ({ value: valueOf(group[breakdown]), steps: stepsOf(group) }));
  return {
    steps: stepsOf(told),
    groups: groups.sort((a, b) => (b.steps[0]?.count ?? 0) - (a.steps[0]?.count ?? 0)),
  };
}

/** Of each group how many did not go on to a step, the most first. @param at the step, from 1 */
export function droppedBy({ groups }: Funnel, at: number) {
  return groups
    .map(({ value, steps }) => ({ value, before: steps[at - 1]?.count ?? 0, dropped: steps[at]?.dropped ?? 0 }))
    .filter(({ dropped }) => dropped > 0)
    .sort((a, b) => b.dropped - a.dropped);
}

function stepsOf({ result, time_to_convert: times }: Told): Step[] {
  const first = result[0] ?? 0;
  return result.map((count, at) => {
    const before = at === 0 ? count : (result[at - 1] ?? 0);
    return {
      count,
      ofFirst: share(count, first),
      ofBefore: share(count, before),
      dropped: Math.max(0, before - count),
      seconds: times?.[at] ?? null,
    };
  });
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function valueOf(value: unknown): GroupValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : (value as GroupValue);
}
