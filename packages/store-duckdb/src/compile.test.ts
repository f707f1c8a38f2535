import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { DuckDBListValue } from "@duckdb/node-api";
import { LIMITS_QUERY, parseZone, type Filter } from "@millrace/core";
import { extractionPlan, metricPlan } from "@millrace/core/contract";
import { compileExtraction, compileGroupCount, compileMetric } from "./compile.ts";
import { conditionsOf } from "./compile-events.ts";
import { lookUp } from "./append.ts";
import { createBinder, type Statement } from "./statement.ts";

/** SQL and values as text, to read beside each other. */
function shown({ sql, values }: Statement): { sql: string; values: unknown[] } {
  return { sql, values: values.map((value) => (value instanceof DuckDBListValue ? [...value.items] : value)) };
}
const where = (filter: Filter<string>) => {
  const { sql, values } = shown(compileMetric(metricPlan("p", { filter })).statement);
  const condition = sql.slice(sql.indexOf("WHERE") + 6);
  // What every query has: the project and the collection come first.
  expect(condition.startsWith('"project" = $1 AND "collection" IN ($2)')).toBe(true);
  return { sql: condition.slice('"project" = $1 AND "collection" IN ($2) AND '.length), values: values.slice(2) };
};

describe("a metric query is one SELECT", () => {
  test("count", () => {
    expect(shown(compileMetric(metricPlan("p")).statement)).toEqual({
      sql: 'SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2)',
      values: ["p", "visits"],
    });
  });

  test("by day in a zone with summer time, grouped by a property: runs of equal width, no time zone in SQL", () => {
    const plan = metricPlan("p", {
      zone: parseZone("Europe/Berlin"),
      timeframe: { kind: "absolute", start: Date.parse("2026-03-27T23:00Z"), end: Date.parse("2026-03-31T22:00Z") },
      interval: { kind: "calendar", unit: "day" },
      groupBy: ["plan"],
    });
    expect(shown(compileMetric(plan).statement)).toEqual({
      sql:
        'SELECT CASE WHEN "timestamp" < 1774821600000 THEN ("timestamp" - 1774652400000) // 86400000 ' +
        'ELSE 2 + ("timestamp" - 1774821600000) // 86400000 END, ' +
        '"strings"[$1], "numbers"[$1], "booleans"[$1], nullif("json"[$1], \'null\'), count(*) ' +
        'FROM events WHERE "project" = $2 AND "collection" IN ($3) ' +
        'AND "timestamp" >= 1774652400000 AND "timestamp" < 1774994400000 ' +
        "GROUP BY 1, 2, 3, 4, 5 LIMIT 1000001",
      values: ["plan", "p", "visits"],
    });
  });

  test("measures with filters of their own", () => {
    const plan = metricPlan("p", {
      measures: [
        { kind: "count_unique", field: "$visitor" },
        {
          label: "dear",
          measure: { kind: "percentile", field: "price", percentile: 7 },
          filter: { kind: "compare", field: "price", op: "gte", value: 5 },
        },
        { kind: "sum", field: "$engaged_ms" },
      ],
    });
    expect(shown(compileMetric(plan).statement)).toEqual({
      sql:
        'SELECT count(DISTINCT CASE WHEN "visitor" IS NOT NULL THEN hash("visitor") END), quantile_disc("numbers"[$1], 0.0700) FILTER (WHERE ("numbers"[$1] >= $2)), ' +
        'fsum("engaged_ms") FROM events WHERE "project" = $3 AND "collection" IN ($4)',
      values: ["price", 5, "p", "visits"],
    });
  });
});

describe("filters", () => {
  test("eq on a property asks the map of the operand's type, and array membership", () => {
    expect(where({ kind: "eq", field: "a", value: "x" })).toEqual({
      sql: '("strings"[$3] = $4 OR list_contains("elements"[$3], $5))',
      values: ["a", "x", '"x"'],
    });
    expect(where({ kind: "eq", field: "a", value: 5 })).toEqual({
      sql: '("numbers"[$3] = $4 OR list_contains("elements"[$3], $5))',
      values: ["a", 5, "5"],
    });
  });

  test("eq null is missing, null, or null in an array", () => {
    expect(where({ kind: "eq", field: "a", value: null })).toEqual({
      sql:
        '(NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) ' +
        `OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null'))`,
      values: ["a"],
    });
  });

  test("only NOT makes NULL false", () => {
    expect(where({ kind: "not", of: { kind: "contains", field: "$page.path", value: "x" } })).toEqual({
      sql: '(NOT coalesce(contains("page_path", $3), false))',
      values: ["x"],
    });
  });

  test("in is one list per type, hashed by DuckDB", () => {
    expect(where({ kind: "in", field: "a", values: ["x", 1, "y"] })).toEqual({
      sql: '("strings"[$3] IN ($4, $5) OR "numbers"[$3] IN ($6) OR list_has_any("elements"[$3], $7))',
      values: ["a", "x", "y", 1, ['"x"', '"y"', "1"]],
    });
  });

  test("what can never be true costs nothing and binds nothing", () => {
    expect(where({ kind: "eq", field: "$page.path", value: 5 })).toEqual({ sql: "false", values: [] });
    expect(where({ kind: "in", field: "a", values: [] })).toEqual({ sql: "false", values: [] });
  });

  test("a regular expression is bound in RE2's words", () => {
    expect(where({ kind: "regex", field: "$page.path", pattern: "^/a\\d+$" })).toEqual({
      sql: 'regexp_matches("page_path", $3)',
      values: ["\\A(?:\\x{2f}a(?:[0-9])+)\\z"],
    });
  });

  test("text from a caller is never in the SQL", () => {
    const evil = `'"; DROP TABLE events; --$1`;
    const { sql } = shown(
      compileMetric(
        metricPlan(evil, {
          collections: [evil],
          groupBy: [evil],
          measures: [{ kind: "select_unique", field: evil }],
          filter: {
            kind: "any",
            of: [
              { kind: "eq", field: evil, value: evil },
              { kind: "in", field: evil, values: [evil, [evil]] },
              { kind: "contains", field: evil, value: evil },
              { kind: "regex", field: evil, pattern: "DROP" },
              { kind: "compare", field: evil, op: "lt", value: evil },
            ],
          },
        }),
      ).statement,
    );
    expect(sql).not.toContain("DROP");
  });
});

test("an extraction asks for one event more than its limit, in a total order", () => {
  const { sql, values } = shown(compileExtraction(extractionPlan("p", { latest: 10 })).statement);
  expect(sql.startsWith('SELECT "id", "collection", "timestamp", "received_at", "properties", "page_host", ')).toBe(
    true,
  );
  expect(
    sql.endsWith('WHERE "project" = $1 AND "collection" IN ($2) ORDER BY "timestamp" DESC, "id" DESC LIMIT 11'),
  ).toBe(true);
  expect(values).toEqual(["p", "visits"]);
});

test("an answer with too many groups in its intervals, or too many different values in one, is refused", async () => {
  const daily = metricPlan("p", {
    timeframe: { kind: "absolute", start: 0, end: 3 * 86_400_000 },
    interval: { kind: "calendar", unit: "day" },
    groupBy: ["$geo.country"],
  });
  const rows = (count: number) => Array.from({ length: count }, (_, n) => [0n, `group ${n}`, 1n]);
  const { decode } = compileMetric(daily);
  expect((await decode(rows(LIMITS_QUERY.groups))).rows).toHaveLength(LIMITS_QUERY.groups);
  await expect(decode(rows(LIMITS_QUERY.groups + 1))).rejects.toMatchObject({ code: "TooManyResultsError" });

  const unique = compileMetric(metricPlan("p", { measures: [{ kind: "select_unique", field: "$page.path" }] }));
  const values = (count: number) => [[Array.from({ length: count }, (_, n) => `/${n}`)]];
  expect((await unique.decode(values(LIMITS_QUERY.groups))).rows[0]?.values[0]).toHaveLength(LIMITS_QUERY.groups);
  await expect(unique.decode(values(LIMITS_QUERY.groups + 1))).rejects.toMatchObject({ code: "TooManyResultsError" });
});

test("groups are counted before their values are gathered, and no more are read than decides it", () => {
  const plan = metricPlan("p", {
    groupBy: ["$geo.country"],
    measures: [{ kind: "select_unique", field: "$page.path" }],
  });
  const counted = compileGroupCount(plan);
  expect(counted?.statement.sql).toMatch(new RegExp(`LIMIT ${LIMITS_QUERY.groups + 1}\\)$`));
  expect(() => counted?.decode([[BigInt(LIMITS_QUERY.groups)]])).not.toThrow();
  expect(() => counted?.decode([[BigInt(LIMITS_QUERY.groups + 1)]])).toThrow(/groups/);
  expect(compileGroupCount({ ...plan, groupBy: [] })).toBeUndefined();
  expect(compileGroupCount(metricPlan("p", { groupBy: ["$geo.country"] }))).toBeUndefined();
});

test("what sets of events have in common is said once, and what they lie between", () => {
  const set = (collection: string, more: Filter<string>[] = []) =>
    metricPlan("p", { collections: [collection], filter: { kind: "all", of: [{ kind: "eq", field: "$geo.country", value: "DE" }, ...more] } }); // prettier-ignore
  const dear: Filter<string> = { kind: "compare", field: "price", op: "gte", value: 5 };
  expect(conditionsOf([set("a"), set("b", [dear])], createBinder())).toMatchInlineSnapshot(`
    {
      "each": [
        "coalesce("collection" IN ($2), false)",
        "coalesce("collection" IN ($4) AND ("numbers"[$5] >= $6), false)",
      ],
      "where": ""project" = $1 AND "geo_country" = $3 AND list_contains($7, "collection") AND (("collection" IN ($2)) OR ("collection" IN ($4) AND ("numbers"[$5] >= $6)))",
    }
  `);
  expect(conditionsOf([set("a"), set("a", [dear])], createBinder())).toMatchInlineSnapshot(`
    {
      "each": [
        "true",
        "coalesce(("numbers"[$4] >= $5), false)",
      ],
      "where": ""project" = $1 AND "collection" IN ($2) AND "geo_country" = $3",
    }
  `);
});

test("the look-up of ids prunes by literal ranges of identity time", () => {
  const id = (time: number) => `${time.toString(16).padStart(12, "0")}00000000`;
  expect(shown(lookUp([5, 1000, 9_000_000, 5].map((time) => ({ id: id(time) }))))).toEqual({
    sql:
      'SELECT * FROM (SELECT "project", "id", "batch", "ordinal" FROM events WHERE "id_time" BETWEEN 5 AND 1000 UNION ALL ' +
      'SELECT "project", "id", "batch", "ordinal" FROM events WHERE "id_time" BETWEEN 9000000 AND 9000000) ' +
      'WHERE "id" IN (SELECT unnest($1))',
    values: [[id(5), id(1000), id(9_000_000)]],
  });
});

test("others have turns while a large answer is decoded", async () => {
  const grouped = metricPlan("p", { groupBy: ["$geo.country"] });
  const { decode } = compileMetric(grouped);
  const rows = Array.from({ length: 90_000 }, (_, n) => [`group ${n}`, BigInt(n)]);
  let turns = 0;
  let isDone = false;
  const decoded = Promise.resolve(decode(rows)).finally(() => (isDone = true));
  for (; !isDone; turns++) await nextTurn();
  expect(turns).toBeGreaterThan(2);
  expect((await decoded).rows).toHaveLength(90_000);
});
