import type { ExecutionGroup, ExecutionOrder, ExecutionSearch } from "@millrace/core";
import { createBinder, literal, type Binder, type Statement } from "../statement.ts";
import { HOUR, HOUR_MS } from "./hours.ts";
import { hashOf, SELECTED } from "./table.ts";

const ORDERS: Readonly<Record<ExecutionOrder, string>> = {
  newest: "started_at DESC",
  slowest: "duration_ms DESC",
  largest: "memory DESC NULLS LAST",
};

export function compileFind(search: ExecutionSearch, order: ExecutionOrder, limit: number): Statement {
  const binder = createBinder();
  return binder.statement(
    `SELECT ${SELECTED} FROM executions WHERE ${where(search, binder)} ORDER BY ${ORDERS[order]}, id LIMIT ${literal(limit)}`,
  );
}

export function compileGet(id: string): Statement {
  const binder = createBinder();
  const text = binder.text(id);
  return binder.statement(`SELECT ${SELECTED}, line FROM executions WHERE id_hash = ${hashOf(text)} AND id = ${text}`);
}

/**
 * Rows of `DurationCount`, in the order of its fields.
 * @param newest the hour before which all are summed up
 */
export function compileDurations(search: ExecutionSearch, edges: readonly number[], newest: number): Statement {
  const binder = createBinder();
  const [first = search.from, last = search.to] = [edges[0], edges.at(-1)];
  const within = { ...search, from: Math.max(search.from, first), to: Math.min(search.to, last) };
  return binder.statement(`SELECT ${spanOf(edges, "began")} AS span, duration_bucket, sum(weight),
    coalesce(sum(weight) FILTER (status <> 'ok'), 0), coalesce(sum(weight) FILTER (cold), 0), coalesce(max(memory), 0)
    FROM (${counted(within, edges, newest, binder)}) GROUP BY ALL`);
}

/** Which span a row is in. Equal ones, all but the last, are told by a division: a comparison with each edge takes ten times as long. */
function spanOf(edges: readonly number[], at: string): string {
  const [first = 0, second = 0] = edges;
  const step = second - first;
  if (edges.slice(0, -1).every((edge, i) => edge === first + i * step))
    return `(${at} - ${literal(first)}) // ${literal(step)}`;
  const inner = edges.slice(1, -1).map((edge, i) => `WHEN ${at} < ${literal(edge)} THEN ${i}`);
  return `CASE ${inner.join(" ")} ELSE ${inner.length} END`;
}

/** Rows of `GroupCount`, in the order of its fields. */
export function compileGroups(search: ExecutionSearch, by: ExecutionGroup, limit: number, newest: number): Statement {
  const binder = createBinder();
  return binder.statement(`SELECT "${by}" AS value, sum(weight) AS n, coalesce(sum(weight) FILTER (status <> 'ok'), 0),
    max(last_at) FROM (${counted(search, [], newest, binder)}) WHERE "${by}" IS NOT NULL
    GROUP BY value ORDER BY n DESC, value LIMIT ${literal(limit)}`);
}

const COUNTED = 'status, cold, fingerprint, "function", duration_bucket, weight, memory';

/**
 * What a search counts: sums of the hours that lie whole in it and in one span each, and executions, of which `began` is the start, for the
 * rest. Of what sums do not say (labels, memory, durations as they were) executions alone.
 */
function counted(search: ExecutionSearch, edges: readonly number[], newest: number, binder: Binder): string {
  const one = (more = "") =>
    `SELECT started_at AS began, started_at AS last_at, ${COUNTED} FROM executions WHERE ${where(search, binder)}${more}`;
  const { from, to, labels = [], minDurationMs, minMemory } = search;
  const first = Math.ceil(from / HOUR_MS);
  const end = Math.min(Math.floor(to / HOUR_MS), newest);
  if (labels.length > 0 || minDurationMs !== undefined || minMemory !== undefined || first >= end) return one();
  const cut = edges.filter((edge) => edge % HOUR_MS !== 0).map((edge) => literal(Math.floor(edge / HOUR_MS)));
  const isCut = (hour: string) => (cut.length === 0 ? "false" : `${hour} IN (${cut.join(", ")})`);
  const [begin, until] = [first * HOUR_MS, end * HOUR_MS].map(literal);
  return `${one(` AND (started_at < ${begin} OR started_at >= ${until} OR ${isCut(HOUR)})`)}
    UNION ALL SELECT hour * ${HOUR_MS}::BIGINT AS began, last_at, ${COUNTED} FROM hours
    WHERE hour >= ${literal(first)} AND hour < ${literal(end)} AND NOT ${isCut("hour")} AND ${facts(search, binder).join(" AND ") || "true"}`;
}

function where(search: ExecutionSearch, binder: Binder): string {
  const { minDurationMs, minMemory, labels = [] } = search;
  return [
    `started_at >= ${literal(search.from)}`,
    `started_at < ${literal(search.to)}`,
    ...facts(search, binder),
    ...(minDurationMs === undefined ? [] : [`duration_ms >= ${binder.number(minDurationMs)}`]),
    ...(minMemory === undefined ? [] : [`memory >= ${binder.number(minMemory)}`]),
    ...labels.map((label) => `list_contains(labels, ${binder.text(label)})`),
  ].join(" AND ");
}

/** The conditions that sums can answer, too. */
function facts({ function: name, status, fingerprint, trigger, cold }: ExecutionSearch, binder: Binder): string[] {
  const equals = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`"${column}" = ${binder.text(value)}`];
  return [
    ...equals("function", name),
    ...(status === "any-failure" ? ["status <> 'ok'"] : equals("status", status)),
    ...equals("fingerprint", fingerprint),
    ...equals("trigger", trigger),
    ...(cold === undefined ? [] : [cold ? "cold" : "NOT cold"]),
  ];
}
