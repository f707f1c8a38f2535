import { createCohorts, type RetentionPlan, type RetentionResult } from "@millrace/core";
import type { Searcher } from "../../client/search.ts";
import { within } from "../compile.ts";
import { bucketIndex, bucketRuns, runSource } from "../compile-bucket.ts";
import type { Row } from "../composite.ts";
import { openStream, walk, type Allowance } from "./stream.ts";

/**
 * Each actor's first moment, and his last return in each period, side by side. Periods of one width are asked for together: a year of
 * days in a zone with summer time is five streams.
 */
export async function runRetention(
  searcher: Searcher,
  { first, returning, actor, edges, unbounded }: RetentionPlan,
  allowance: Allowance,
): Promise<RetentionResult> {
  const runs = bucketRuns(edges);
  const options = { allowance, beside: 1 + runs.length };
  const at = (kind: "min" | "max") => ({ at: { [kind]: { field: "timestamp" } } });
  const streams = [
    openStream(searcher, { events: first, actor, inline: at("min") }, options),
    ...runs.map((run) =>
      openStream(
        searcher,
        {
          events: returning,
          actor,
          sources: [{ b: runSource(run, "timestamp") }],
          filters: [within("timestamp", run.start, run.end)],
          inline: at("max"),
        },
        options,
      ),
    ),
  ];
  const cohorts = createCohorts(edges.length - 1);
  await walk(streams, ([joined, ...periods]) => {
    const begun = joined?.[0];
    if (!begun) return;
    const start = timeOf(begun);
    const cohort = edges.findLastIndex((edge) => start >= edge);
    cohorts.join(cohort, 1);
    const later = periods.flatMap((rows, r) =>
      rows.flatMap((row) => {
        const run = runs[r];
        return run && timeOf(row) > start ? [bucketIndex(run, row.key["b"] as number) - cohort] : [];
      }),
    );
    if (unbounded && later.length > 0) cohorts.return(cohort, Math.max(...later), 1);
    else for (const period of later) cohorts.return(cohort, period, 1);
  });
  return cohorts.result(unbounded);
}

function timeOf(row: Row): number {
  return (row["at"] as { readonly value: number }).value;
}
