import type { ExecutionGroup, ExecutionOrder, ExecutionSearch } from "@millrace/core";
import { createBinder, literal, type Binder, type Statement } from "../statement.ts";
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

/** Rows of `DurationCount`, in the order of its fields. */
export function compileDurations(search: ExecutionSearch, edges: readonly number[]): Statement {
  const binder = createBinder();
  const [first = search.from, last = search.to] = [edges[0], edges.at(-1)];
  const within = { ...search, from: Math.max(search.from, first), to: Math.min(search.to, last) };
  return binder.statement(`SELECT ${spanOf(edges)} AS span, duration_bucket, sum(weight),
    coalesce(sum(weight) FILTER (status <> 'ok'), 0), coalesce(sum(weight) FILTER (cold), 0), coalesce(max(memory), 0)
    FROM executions WHERE ${where(within, binder)} GROUP BY ALL`);
}

/** Which span a row is in. Equal ones, all but the last, are told by a division: a comparison with each edge takes ten times as long. */
function spanOf(edges: readonly number[]): string {
  const [first = 0, second = 0] = edges;
  const step = second - first;
  if (edges.slice(0, -1).every((edge, i) => edge === first + i * step))
    return `(started_at - ${literal(first)}) // ${literal(step)}`;
  const inner = edges.slice(1, -1).map((edge, i) => `WHEN started_at < ${literal(edge)} THEN ${i}`);
  return `CASE ${inner.join(" ")} ELSE ${inner.length} END`;
}

/** Rows of `GroupCount`, in the order of its fields. */
export function compileGroups(search: ExecutionSearch, by: ExecutionGroup, limit: number): Statement {
  const binder = createBinder();
  return binder.statement(`SELECT "${by}" AS value, sum(weight) AS n, coalesce(sum(weight) FILTER (status <> 'ok'), 0),
    max(started_at) FROM executions WHERE ${where(search, binder)} AND "${by}" IS NOT NULL
    GROUP BY value ORDER BY n DESC, value LIMIT ${literal(limit)}`);
}

function where(search: ExecutionSearch, binder: Binder): string {
  const { status, fingerprint, trigger, cold, minDurationMs, minMemory, labels = [] } = search;
  const equals = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`"${column}" = ${binder.text(value)}`];
  return [
    `started_at >= ${literal(search.from)}`,
    `started_at < ${literal(search.to)}`,
    ...equals("function", search.function),
    ...(status === "any-failure" ? ["status <> 'ok'"] : equals("status", status)),
    ...equals("fingerprint", fingerprint),
    ...equals("trigger", trigger),
    ...(cold === undefined ? [] : [cold ? "cold" : "NOT cold"]),
    ...(minDurationMs === undefined ? [] : [`duration_ms >= ${binder.number(minDurationMs)}`]),
    ...(minMemory === undefined ? [] : [`memory >= ${binder.number(minMemory)}`]),
    ...labels.map((label) => `list_contains(labels, ${binder.text(label)})`),
  ].join(" AND ");
}
