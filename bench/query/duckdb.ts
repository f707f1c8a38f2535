import { DuckDBInstance } from "@duckdb/node-api";
import { DAY, DAYS, PROJECT } from "./events.ts";
import { RANGE, STEPS, WINDOW_MS } from "./questions/actors.ts";
import type { Asker, Kind } from "./questions/index.ts";
import { BUCKET, LATEST, latestOf, PERCENTILES, PLACE, RANGES, TOP } from "./questions/numbers.ts";

const WHERE = `project = '${PROJECT}' AND collection = 'pageviews' AND timestamp >= ${RANGE.start} AND timestamp < ${RANGE.end}`;
const [A, B, C] = STEPS;
const moments = (path: string | undefined) =>
  `SELECT DISTINCT visitor, timestamp AS t FROM events WHERE ${WHERE} AND page_path = '${path}' AND visitor IS NOT NULL`;

const DAY_NUMBER = `(timestamp - ${RANGE.start}) // ${DAY}`;
/** Cells as `cellsOf` puts them into one text. */
const cells = (rows: string) => `SELECT count(*) || ' ' || sum((k + 1) * n)::BIGINT FROM (${rows}) WHERE k IS NOT NULL`;
const AMOUNT = "numbers['amount']";
const inRange = RANGES.map(
  ({ from, to }, i) =>
    `WHEN ${from === undefined ? "" : `a >= ${from} AND `}${to === undefined ? "true" : `a < ${to}`} THEN ${i}`,
).join(" ");
const radians = (degrees: string) => `radians(${degrees})`;

/** Each question as somebody who knows the table would write it. */
const SQL: Record<Kind, string> = {
  funnel: `
    SELECT concat_ws(' ', count(*) FILTER (WHERE a), count(*) FILTER (WHERE a AND b), count(*) FILTER (WHERE a AND b AND c))
    FROM (SELECT visitor, bool_or(page_path = '${A}') AS a, bool_or(page_path = '${B}') AS b, bool_or(page_path = '${C}') AS c
          FROM events WHERE ${WHERE} AND page_path IN ('${A}', '${B}', '${C}') GROUP BY visitor) WHERE visitor IS NOT NULL`,
  "funnel in order": `
    WITH x AS (SELECT a.visitor, a.t AS t0, CASE WHEN b.t - a.t <= ${WINDOW_MS} THEN b.t END AS t1
               FROM (${moments(A)}) a ASOF LEFT JOIN (${moments(B)}) b ON a.visitor = b.visitor AND a.t < b.t),
    y AS (SELECT x.*, CASE WHEN c.t - t0 <= ${WINDOW_MS} THEN c.t END AS t2
          FROM x ASOF LEFT JOIN (${moments(C)}) c ON x.visitor = c.visitor AND coalesce(x.t1, 9e15::BIGINT) < c.t),
    best AS (SELECT * FROM y QUALIFY row_number() OVER (PARTITION BY visitor ORDER BY (t1 IS NOT NULL)::INT + (t2 IS NOT NULL)::INT DESC, t0) = 1)
    SELECT concat_ws(' ', count(t0), count(t1), count(t2)), sum(t1 - t0), quantile_disc(t1 - t0, 0.5), quantile_disc(t1 - t0, 0.9),
           sum(t2 - t1), quantile_disc(t2 - t1, 0.5), quantile_disc(t2 - t1, 0.9) FROM best`,
  retention: `
    WITH seen AS MATERIALIZED (SELECT visitor, (timestamp - ${RANGE.start}) // ${DAY} AS d, min(timestamp) AS f, max(timestamp) AS l
                  FROM events WHERE ${WHERE} AND visitor IS NOT NULL GROUP BY ALL),
    joined AS MATERIALIZED (SELECT visitor, min(d) AS c, min(f) AS t FROM seen GROUP BY visitor),
    n AS (SELECT c, count(*) AS n FROM joined GROUP BY c UNION ALL
          SELECT c, count(*) FROM joined JOIN seen USING (visitor) WHERE l > t GROUP BY c, d)
    SELECT string_agg(coalesce(s, 0)::VARCHAR, ' ' ORDER BY day)
    FROM range(${DAYS}) r(day) LEFT JOIN (SELECT c, sum(n)::BIGINT AS s FROM n GROUP BY c) ON c = day`,
  paths: `
    WITH e AS (SELECT visit_id AS s, page_path AS v, timestamp AS t FROM events WHERE ${WHERE} AND visit_id IS NOT NULL AND page_path IS NOT NULL),
    o AS (SELECT s, v, row_number() OVER w AS n, lag(v) OVER w AS before FROM e WINDOW w AS (PARTITION BY s ORDER BY t, v)),
    k AS (SELECT s, v, row_number() OVER (PARTITION BY s ORDER BY n) AS n FROM o WHERE before IS DISTINCT FROM v),
    w AS MATERIALIZED (SELECT s, v, n - 1 AS level FROM k WHERE n <= 4),
    top AS (SELECT level, v FROM (SELECT level, v, count(*) AS c FROM w GROUP BY ALL)
            QUALIFY row_number() OVER (PARTITION BY level ORDER BY c DESC, v) <= 10),
    p AS (SELECT s, level, top.v AS v FROM w LEFT JOIN top USING (level, v)),
    l AS (SELECT level + 1 AS step, v AS a, lead(level) OVER x IS NULL AS over, lead(v) OVER x AS b FROM p WINDOW x AS (PARTITION BY s ORDER BY level)),
    links AS (SELECT step, a, over, b, count(*) AS c FROM l WHERE step <= 3 GROUP BY ALL)
    SELECT sum(step * c)::BIGINT::VARCHAR FROM links`,
  "count by buckets": cells(
    `SELECT floor(${AMOUNT} / ${BUCKET}) AS k, count(*) AS n FROM events WHERE ${WHERE} GROUP BY k`,
  ),
  "count by ranges": cells(
    `SELECT CASE ${inRange} END AS k, count(*) AS n FROM (SELECT ${AMOUNT} AS a FROM events WHERE ${WHERE}) WHERE a IS NOT NULL GROUP BY k`,
  ),
  "count within a distance": `
    SELECT count(*)::VARCHAR FROM (SELECT split(trim(json['place'], '[]'), ',')::DOUBLE[] AS p FROM events WHERE ${WHERE})
    WHERE 2 * 6371008.8 * asin(sqrt(pow(sin(${radians(`p[2] - ${PLACE.latitude}`)} / 2), 2)
      + cos(${radians(String(PLACE.latitude))}) * cos(${radians("p[2]")}) * pow(sin(${radians(`p[1] - ${PLACE.longitude}`)} / 2), 2))) <= ${PLACE.metres}`,
  "several percentiles": `SELECT '[' || array_to_string(quantile_disc(${AMOUNT}, [${PERCENTILES.map((each) => each / 100).join(", ")}]), ',') || ']' FROM events WHERE ${WHERE}`,
  "several collections by day": cells(
    `SELECT ${DAY_NUMBER} AS k, count(*) AS n FROM events WHERE ${WHERE.replace("collection = 'pageviews'", "collection IN ('pageviews', 'clicks')")} GROUP BY k`,
  ),
  "compared by day": `
    WITH d AS (SELECT (timestamp - ${RANGE.start}) // ${DAY} AS d, count(*) AS n FROM events WHERE ${WHERE} GROUP BY d)
    SELECT string_agg(t, ', ' ORDER BY now DESC) FROM (
      SELECT now, count(*) || ' ' || sum((d - first + 1) * n)::BIGINT AS t
      FROM (SELECT d, n, d >= ${DAYS / 2} AS now, CASE WHEN d >= ${DAYS / 2} THEN ${DAYS / 2} ELSE 0 END AS first FROM d) GROUP BY now)`,
  "top with others": `
    WITH top AS MATERIALIZED (SELECT geo_country AS g, count(DISTINCT visitor) AS n FROM events WHERE ${WHERE} GROUP BY g ORDER BY n DESC, g LIMIT ${TOP})
    SELECT '[' || string_agg(n, ',' ORDER BY n DESC) || ',' ||
      (SELECT count(DISTINCT visitor) FROM events WHERE ${WHERE} AND geo_country NOT IN (SELECT g FROM top)) || ']' FROM top`,
  "the latest events": `
    SELECT * EXCLUDE (strings, numbers, booleans, json, elements, overflow, batch, ordinal, instance, sequence, accepted, id_time, project)
    FROM events WHERE ${WHERE} ORDER BY timestamp DESC, id DESC LIMIT ${LATEST + 1}`,
};

/** The same file without our store. */
export async function openBare(path: string): Promise<{ ask: Asker; close(): void }> {
  const instance = await DuckDBInstance.create(path, { memory_limit: "1GB" });
  const connection = await instance.connect();
  return {
    ask: async (kind) => {
      const reader = await connection.runAndReadAll(SQL[kind]);
      if (kind !== "the latest events") return reader.getRowsJS()[0]?.[0] as string;
      const events = reader.getRowObjectsJS();
      return latestOf(
        events.map(({ id, properties }) => ({ id, properties: JSON.parse(properties as string) as object })),
      );
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
