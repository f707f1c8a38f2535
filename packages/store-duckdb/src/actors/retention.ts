import { createCohorts, type RetentionPlan, type RetentionResult } from "@millrace/core";
import type { Compiled } from "../compile.ts";
import { bucketSql } from "../compile-bucket.ts";
import { condition, conditionOfAny } from "../compile-events.ts";
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
  const where = conditionOfAny([first, returning], binder);
  const events =
    `SELECT ${who} AS actor, ${bucketSql(edges, "timestamp")} AS b, "timestamp" AS t, ` +
    `coalesce(${condition(first, binder)}, false) AS f, coalesce(${condition(returning, binder)}, false) AS r ` +
    `FROM events WHERE ${where}`;
  const seen =
    `SELECT actor, b, min(t) FILTER (WHERE f) AS first, max(t) FILTER (WHERE r) AS last ` +
    `FROM (${events}) WHERE actor IS NOT NULL GROUP BY actor, b`;
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
