import type { Conversion, OrderedFunnelPlan, OrderedFunnelResult, StepTime } from "@millrace/core";
import type { Compiled } from "../compile.ts";
import { createBinder, literal } from "../statement.ts";
import { hitsOf } from "./hits.ts";
import { compileKey, type Key } from "./key.ts";

/**
 * Later than every event: who missed a step comes to none after it. Not NULL: beyond some dozens of rows DuckDB's ASOF operator finds
 * partners for it, which its loop over few rows does not.
 */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * From every event of the first step the next step's first later event is found by one ASOF join, and so on: as many joins as there
 * are further steps, none of which makes a row more. Of each actor the furthest attempt counts, of several the earliest.
 * Rows: the total and, with a breakdown, one for each value.
 */
export function compileOrderedFunnel(plan: OrderedFunnelPlan): Compiled<OrderedFunnelResult> {
  const { steps, windowMs, breakdown } = plan;
  const binder = createBinder();
  const key = compileKey(
    steps.map(({ actor }) => actor),
    binder,
  );
  const group = breakdown && compileKey([breakdown], binder);
  const further = ['"timestamp" AS t', ...(group ? [`${group.sql[0] ?? "NULL"} AS g`] : [])];
  const parts = [
    `hits AS MATERIALIZED (SELECT * FROM (${hitsOf(steps, key, further, binder)}) WHERE actor IS NOT NULL)`,
    `c0 AS (${firsts(group)})`,
  ];
  for (let k = 1; k < steps.length; k++) {
    parts.push(`s${k} AS (SELECT DISTINCT actor, t FROM hits WHERE d${k})`);
    const inTime = windowMs === undefined ? "s.t" : `CASE WHEN s.t - c.t0 <= ${literal(windowMs)} THEN s.t END`;
    parts.push(
      `c${k} AS (SELECT c.*, ${inTime} AS t${k} FROM c${k - 1} c ASOF LEFT JOIN s${k} s ON c.actor = s.actor AND coalesce(c.t${k - 1}, ${NEVER}) < s.t)`,
    );
  }
  const last = `c${steps.length - 1}`;
  const reached = steps.slice(1).map((_, i) => `(t${i + 1} IS NOT NULL)::INTEGER`);
  const best = [...(reached.length > 0 ? [`${reached.join(" + ")} DESC`] : []), "t0"].join(", ");
  parts.push(`best AS (SELECT * FROM ${last} QUALIFY row_number() OVER (PARTITION BY actor ORDER BY ${best}) = 1)`);
  const columns = steps.flatMap((_, k) => (k === 0 ? ["count(t0)"] : stepColumns(k)));
  const by = group ? " GROUP BY GROUPING SETS ((), (grp))" : "";
  const head = group ? "grouping(grp), grp" : "1, NULL";
  return {
    statement: binder.statement(`WITH ${parts.join(", ")} SELECT ${head}, ${columns.join(", ")} FROM best${by}`),
    decode: (rows) => {
      const decoded = rows.map(([isTotal, value, ...cells]) => ({
        isTotal: Number(isTotal) === 1,
        value: group?.decode(value) ?? null,
        conversion: decode(cells, steps.length),
      }));
      return {
        total: decoded.find(({ isTotal }) => isTotal)?.conversion ?? decode([], steps.length),
        groups: decoded.flatMap(({ isTotal, value, conversion }) => (isTotal ? [] : [{ value, ...conversion }])),
      };
    },
  };
}

/** One row for each moment of each actor's first steps; of several events of one millisecond the first value of the breakdown counts. */
function firsts(group: Key | undefined): string {
  if (!group) return "SELECT DISTINCT actor, t AS t0 FROM hits WHERE d0";
  const order = group.order("g").map((sql) => `${sql} NULLS FIRST`);
  return `SELECT actor, t AS t0, first(g ORDER BY ${order.join(", ")}) AS grp FROM hits WHERE d0 GROUP BY actor, t`;
}

/** How many came to a step, and how long they took from the one before. */
function stepColumns(k: number): string[] {
  const took = `t${k} - t${k - 1}`;
  return [`count(t${k})`, `sum(${took})`, `quantile_disc(${took}, 0.5)`, `quantile_disc(${took}, 0.9)`];
}

function decode(cells: readonly unknown[], steps: number): Conversion {
  const counts = Array.from({ length: steps }, (_, k) => Number(cells[k === 0 ? 0 : 4 * k - 3] ?? 0));
  const times = counts.map((count, k): StepTime | null => {
    if (k === 0 || count === 0) return null;
    const [sum, median, p90] = cells.slice(4 * k - 2, 4 * k + 1).map(Number);
    return { sum: sum ?? 0, median: median ?? 0, p90: p90 ?? 0 };
  });
  return { counts, times };
}
