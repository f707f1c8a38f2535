import {
  compareValues,
  nearestRank,
  valueKey,
  type Conversion,
  type OrderedFunnelPlan,
  type OrderedFunnelResult,
  type Value,
} from "@millrace/core";
import type { Searcher } from "../../client/search.ts";
import { keySources } from "../compile.ts";
import { readKey } from "../compile-key.ts";
import type { Row } from "../composite.ts";
import { actorKinds } from "./actor-key.ts";
import { momentOf, momentSources } from "./moments.ts";
import { openStream, walk, type Allowance } from "./stream.ts";

/** The moments of every step side by side, actor by actor: each actor's are few, and what is kept of him is how long he took. */
export async function runOrderedFunnel(
  searcher: Searcher,
  { steps, windowMs = Number.POSITIVE_INFINITY, breakdown }: OrderedFunnelPlan,
  allowance: Allowance,
): Promise<OrderedFunnelResult> {
  const kinds = breakdown ? actorKinds(breakdown) : [];
  const groupOf = ({ key }: Row): Value => readKey("g", kinds, key);
  const streams = steps.map((events, i) =>
    openStream(
      searcher,
      { events, actor: events.actor, sources: [...momentSources, ...(i === 0 ? keySources("g", kinds) : [])] },
      { allowance, beside: steps.length },
    ),
  );
  const total = createTally(steps.length);
  const groups = new Map<string, { readonly value: Value; readonly tally: Tally }>();
  await walk(streams, (rows) => {
    const [first = [], ...later] = rows;
    const attempt = furthest(
      first.map(momentOf),
      later.map((step) => step.map(momentOf)),
      windowMs,
    );
    total.add(attempt);
    if (!breakdown) return;
    const begun = first.filter((row) => momentOf(row) === attempt[0]);
    const [value = null] = begun.map(groupOf).sort(compareValues);
    const key = valueKey(value);
    const group = groups.get(key) ?? { value, tally: createTally(steps.length) };
    groups.set(key, group);
    group.tally.add(attempt);
  });
  return {
    total: total.result(),
    groups: [...groups.values()].map(({ value, tally }) => ({ value, ...tally.result() })),
  };
}

/**
 * The moments of the attempt that gets furthest; of several the earliest. All lists ascend, and a later start never finds an earlier
 * next step, so each is gone through once.
 */
function furthest(starts: readonly number[], later: readonly (readonly number[])[], windowMs: number): number[] {
  const at = later.map(() => 0);
  let best: number[] = [];
  for (const start of starts) {
    const attempt = [start];
    for (const [k, moments] of later.entries()) {
      const before = attempt[k] ?? start;
      let i = at[k] ?? 0;
      while (i < moments.length && (moments[i] ?? 0) <= before) i++;
      at[k] = i;
      const next = moments[i];
      if (next === undefined || next - start > windowMs) break;
      attempt.push(next);
    }
    if (attempt.length > best.length) best = attempt;
    if (best.length === later.length + 1) break;
  }
  return best;
}

/** Attempts on their way to a conversion. */
interface Tally {
  add(attempt: readonly number[]): void;
  result(): Conversion;
}

function createTally(steps: number): Tally {
  const counts = Array.from({ length: steps }, () => 0);
  const took = counts.map((): number[] => []);
  return {
    add: (attempt) => {
      attempt.forEach((moment, k) => {
        counts[k] = (counts[k] ?? 0) + 1;
        if (k > 0) took[k]?.push(moment - (attempt[k - 1] ?? moment));
      });
    },
    result: () => ({
      counts,
      times: took.map((times) => {
        if (times.length === 0) return null;
        const sorted = Float64Array.from(times).sort();
        const at = (percentile: number) => sorted[nearestRank(percentile, sorted.length) - 1] ?? 0;
        return { sum: times.reduce((sum, ms) => sum + ms, 0), median: at(50), p90: at(90) };
      }),
    }),
  };
}
