import {
  checkListed,
  LIMITS_QUERY,
  type FunnelPlan,
  type FunnelResult,
  type FunnelStepPlan,
  type Value,
} from "@millrace/core";
import type { Compiled } from "../compile.ts";
import { createBinder, literal } from "../statement.ts";
import { hitsOf } from "./hits.ts";
import { compileKey } from "./key.ts";

/**
 * Who did which step, and then how many each step keeps. Steps that name their actor alike are found in one pass over the events.
 * Rows: first the counts of all steps, then one for each actor that is listed, with the steps that keep him.
 */
export function compileFunnel({ steps }: FunnelPlan): Compiled<FunnelResult> {
  const binder = createBinder();
  const key = compileKey(
    steps.map(({ actor }) => actor),
    binder,
  );
  const flags = steps.map((_, i) => `bool_or(d${i}) AS d${i}`);
  const did = `SELECT actor, ${flags.join(", ")} FROM (${hitsOf(steps, key, [], binder)}) WHERE actor IS NOT NULL GROUP BY actor`;

  const kept = keptBy(steps);
  const counts = `SELECT [${kept.map((sql) => `count(*) FILTER (WHERE ${sql})`).join(", ")}], NULL, NULL FROM did`;
  const listed = [...steps.keys()].filter((i) => steps[i]?.withActors);
  const some = listed.map((i) => kept[i] ?? "");
  const actors = `SELECT NULL, actor, [${some.join(", ")}] FROM did WHERE ${some.join(" OR ")} LIMIT ${literal(LIMITS_QUERY.actors + 1)}`;
  const answer = listed.length === 0 ? counts : `(${counts}) UNION ALL (${actors})`;
  return {
    statement: binder.statement(`WITH did AS (${did}) ${answer}`),
    decode: (rows) => {
      const lists = steps.map((step): Value[] | null => (step.withActors ? [] : null));
      let found: readonly number[] = [];
      for (const [of, actor, by] of rows) {
        if (of !== null) found = (of as bigint[]).map(Number);
        else (by as boolean[]).forEach((is, i) => is && lists[listed[i] ?? 0]?.push(key.decode(actor)));
      }
      checkListed(lists.reduce((sum, list) => sum + (list?.length ?? 0), 0));
      return { counts: found, actors: lists };
    },
  };
}

/** For each step a condition over who did what, true for those whom it keeps. As core's `narrow`. */
function keptBy(steps: readonly FunnelStepPlan[]): string[] {
  const left: string[] = [];
  return steps.map(({ inverted, optional }, i) => {
    const own = inverted ? `NOT d${i}` : `d${i}`;
    const kept = [...left, own].join(" AND ");
    if (!optional) left.push(own);
    return kept;
  });
}
