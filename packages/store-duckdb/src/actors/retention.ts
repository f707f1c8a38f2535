import { createCohorts, type RetentionPlan, type RetentionResult } from "@millrace/core";
import type { Compiled } from "../compile.ts";
import { bucketSql } from "../compile-bucket.ts";
import { conditionsOf } from "../compile-events.ts";
import { createBinder } from "../statement.ts";
import { compileKey } from "./key.ts";

/**
 * One pass over the events for each actor's periods, with his first event and his last return in each; cohorts are a join of that
 * with itself. Rows: (cohort, periods later, actors), and NULL periods for the size of a cohort.
 */
export function compileRetention(plan: RetentionPlan): Compiled<RetentionResult> {
  const { first, returning, actor, edges, unbounded } = plan;
  const binder = createBinder();
  const [who = ""] = compileKey([actor], binder).sql;
  const { where, each } = conditionsOf([first, returning], binder);
  const [begins = "false", returns = "false"] = each;
  const seen =
    `SELECT ${who} AS actor, ${bucketSql(edges, "timestamp")} AS b, ` +
    `min("timestamp")${only(begins)} AS first, max("timestamp")${only(returns)} AS last ` +
    `FROM events WHERE ${where} AND ${who} IS NOT NULL GROUP BY ALL`;
  const joined = `SELECT actor, min(b) AS cohort, min(first) AS t FROM seen WHERE first IS NOT NULL GROUP BY actor`;
  const back = `SELECT actor, cohort, b - cohort AS later FROM joined JOIN seen USING (actor) WHERE last > t`;
  const counted = unbounded
    ? `SELECT actor, cohort, max(later) AS later FROM back GROUP BY actor, cohort`
    : "FROM back";
  return {
    statement: binder.statement(
      `WITH seen AS MATERIALIZED (${seen}), joined AS MATERIALIZED (${joined}), back AS (${back}), counted AS (${counted}) ` +
        `SELECT cohort, NULL, count(*) FROM joined GROUP BY cohort ` +
        `UNION ALL SELECT cohort, later, count(*) FROM counted GROUP BY cohort, later`,
    ),
    decode: (rows) => {
      const cohorts = createCohorts(edges.length - 1);
      for (const [cohort, later, actors] of rows) {
        if (later === null) cohorts.join(Number(cohort), Number(actors));
        else cohorts.return(Number(cohort), Number(later), Number(actors));
      }
      return cohorts.result(unbounded);
    },
  };
}

function only(condition: string): string {
  return condition === "true" ? "" : ` FILTER (WHERE ${condition})`;
}
