import type { PathsPlan, PathsResult, PathPlace } from "@millrace/core";
import type { Compiled } from "../compile.ts";
import { condition } from "../compile-events.ts";
import { createBinder, literal } from "../statement.ts";
import { compileKey } from "./key.ts";

/**
 * Numbers each session's steps, cuts the part that is asked for, names the most frequent values of each step, and counts the pairs.
 * Rows: (step, from, whether from is named, to, whether to is named, whether it is over, sessions).
 */
export function compilePaths(plan: PathsPlan): Compiled<PathsResult> {
  const { session, step, direction, anchor, depth, top, collapse } = plan;
  const binder = createBinder();
  const [who = ""] = compileKey([session], binder).sql;
  const key = compileKey([step], binder);
  const [value = ""] = key.sql;
  const order = (column: string) => key.order(column).join(", ");
  const events = `SELECT ${who} AS s, ${value} AS v, "timestamp" AS t FROM events WHERE ${condition(plan, binder)}`;
  const inTurn = `WINDOW w AS (PARTITION BY s ORDER BY t, ${order("v")})`;
  const numbered =
    `SELECT s, v, row_number() OVER w AS n, lag(v) OVER w AS before ` +
    `FROM (${events}) WHERE s IS NOT NULL AND v IS NOT NULL ${inTurn}`;
  const steps = collapse
    ? `SELECT s, v, row_number() OVER (PARTITION BY s ORDER BY n) AS n FROM (${numbered}) WHERE before IS DISTINCT FROM v`
    : `SELECT s, v, n FROM (${numbered})`;
  const [begins, away] = direction === "next" ? ["min", "n - p"] : [anchor === undefined ? "max" : "min", "p - n"];
  const at = anchor === undefined ? "" : ` WHERE v = ${key.literal(anchor)}`;
  const starts = `SELECT s, ${begins}(n) AS p FROM steps${at} GROUP BY s`;
  const walked = `SELECT s, v, ${away} AS level FROM steps JOIN starts USING (s) WHERE ${away} BETWEEN 0 AND ${literal(depth)}`;
  const counted = `SELECT level, v, count(*) AS c FROM walked GROUP BY level, v`;
  const named = `SELECT level, v FROM counted QUALIFY row_number() OVER (PARTITION BY level ORDER BY c DESC, ${order("v")}) <= ${literal(top)}`;
  const places = `SELECT s, level, named.v AS v FROM walked LEFT JOIN named USING (level, v)`;
  const pairs =
    `SELECT level + 1 AS step, v AS a, lead(level) OVER w IS NULL AS over, lead(v) OVER w AS b ` +
    `FROM places WINDOW w AS (PARTITION BY s ORDER BY level)`;
  return {
    statement: binder.statement(
      `WITH steps AS MATERIALIZED (${steps}), starts AS (${starts}), walked AS MATERIALIZED (${walked}), counted AS (${counted}), ` +
        `named AS (${named}), places AS (${places}) ` +
        `SELECT step, a, over, b, count(*) FROM (${pairs}) WHERE step <= ${literal(depth)} GROUP BY ALL`,
    ),
    decode: (rows) => {
      const place = (cell: unknown): PathPlace => (cell === null ? "other" : { value: key.decode(cell) });
      return {
        links: rows.map(([at, from, over, to, sessions]) => ({
          step: Number(at),
          from: place(from),
          to: over === true ? "ended" : place(to),
          sessions: Number(sessions),
        })),
      };
    },
  };
}
