import { durationBucket, type ExecutionGroup, type ExecutionOrder, type ExecutionSearch } from "@millrace/core";
import { createBinder, literal, type Binder, type Statement } from "../statement.ts";
import { HOUR, HOUR_MS } from "./hours.ts";
import { hashOf, SELECTED } from "./table.ts";

const ORDERS: Readonly<Record<ExecutionOrder, string>> = {
  newest: "started_at DESC",
  slowest: "duration_ms DESC",
  largest: "memory DESC NULLS LAST",
};

/** How far the sums and the labels go; what is newer is in the executions alone. */
export interface Kept {
  /** The hour before which all are summed up. */
  readonly newest: number;
  /** The time before which all are filed by their labels, milliseconds UTC. */
  readonly filedTo: number;
}

/** What is known of the executions of an answer before they are read. */
export interface Known {
  /** For `slowest` the least duration bucket, for `largest` the least memory of an answer. */
  readonly least?: number;
  /** Of executions that are filed by label, the only ones that may be in the answer. */
  readonly hashes?: readonly string[];
}

/**
 * The executions of an answer. Those that are filed are chosen by 64 bits of their ids, and have the labels themselves looked at when
 * they are read.
 */
export function compileFind(
  search: ExecutionSearch,
  order: ExecutionOrder,
  limit: number,
  kept: Kept,
  { least, hashes }: Known,
): Statement {
  const binder = createBinder();
  const rows = (...conditions: string[]) => `SELECT ${NARROW} FROM executions WHERE ${conditions.join(" AND ")}`;
  const enough = least === undefined || order === "newest" ? [] : [`${LEAST[order]} >= ${literal(least)}`];
  const found =
    hashes === undefined
      ? rows(where(search, binder), ...enough)
      : [where(unfiled(search, kept), binder), ...inList(hashes)].map((each) => rows(each)).join(" UNION ALL ");
  return binder.statement(`SELECT ${SELECTED} FROM executions
    WHERE rowid IN (SELECT rowid FROM (${found}) ORDER BY ${inOrder(order)} LIMIT ${literal(limit)})
    AND ${withLabels(search, binder).join(" AND ") || "true"} ORDER BY ${inOrder(order)}`);
}

/** Enough to choose by. The rest is read of those that were chosen: it is most of the bytes. */
const NARROW = "rowid, started_at, duration_ms, memory, id_hash";

const inOrder = (order: ExecutionOrder) => `${ORDERS[order]}, id_hash`;

const inList = (hashes: readonly string[]) => (hashes.length === 0 ? [] : [`id_hash IN (${hashes.join(", ")})`]);

/** What the sums say of it: a bucket is in the order of durations, the largest of a group is one of the largest. */
const LEAST = { slowest: "duration_bucket", largest: "memory" } as const;

/**
 * The least that the first executions of an order have, as far as the sums know: so many of the whole hours are surely that slow, or
 * that large. Only executions above it are looked at, a few of each thousand. One row; null where the sums know of too few.
 */
export function compileLeast(
  search: ExecutionSearch,
  order: Exclude<ExecutionOrder, "newest">,
  limit: number,
  { newest }: Kept,
): Statement {
  const binder = createBinder();
  const { from, to, minDurationMs, minMemory } = search;
  const sure = [
    `hour >= ${literal(Math.ceil(from / HOUR_MS))}`,
    `hour < ${literal(Math.min(Math.floor(to / HOUR_MS), newest))}`,
    ...facts(search, binder),
    ...(minDurationMs === undefined ? [] : [`duration_bucket > ${durationBucket(minDurationMs)}`]),
    ...(minMemory === undefined ? [] : [`memory >= ${binder.number(minMemory)}`]),
    `${LEAST[order]} IS NOT NULL`,
  ];
  // Of a group whose largest is known, one is.
  const runs = order === "slowest" && minMemory === undefined ? "sum(runs)" : "count(*)";
  return binder.statement(`SELECT max(rank) FROM (SELECT ${LEAST[order]} AS rank,
    sum(${runs}) OVER (ORDER BY ${LEAST[order]} DESC) AS total FROM hour_sums WHERE ${sure.join(" AND ")} GROUP BY ${LEAST[order]})
    WHERE total >= ${literal(limit)}`);
}

/** The hashes of the ids of the first executions of an order, of those that are filed by their labels. */
export function compileFiled(search: ExecutionSearch, order: ExecutionOrder, limit: number, kept: Kept): Statement {
  const binder = createBinder();
  return binder.statement(
    `SELECT id_hash::VARCHAR FROM labelled WHERE ${filedWhere(search, kept, binder)} ORDER BY ${inOrder(order)} LIMIT ${literal(limit)}`,
  );
}

export function compileGet(id: string): Statement {
  const binder = createBinder();
  const text = binder.text(id);
  return binder.statement(`SELECT ${SELECTED}, line FROM executions WHERE id_hash = ${hashOf(text)} AND id = ${text}`);
}

/** Rows of `DurationCount`, in the order of its fields. */
export function compileDurations(search: ExecutionSearch, edges: readonly number[], kept: Kept): Statement {
  const binder = createBinder();
  const [first = search.from, last = search.to] = [edges[0], edges.at(-1)];
  const within = { ...search, from: Math.max(search.from, first), to: Math.min(search.to, last) };
  return binder.statement(`SELECT ${spanOf(edges, "began")} AS span, duration_bucket, sum(weight),
    coalesce(sum(weight) FILTER (status <> 'ok'), 0), coalesce(sum(weight) FILTER (cold), 0), coalesce(max(memory), 0)
    FROM (${counted(within, edges, kept, binder)}) GROUP BY ALL`);
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
export function compileGroups(search: ExecutionSearch, by: ExecutionGroup, limit: number, kept: Kept): Statement {
  const binder = createBinder();
  return binder.statement(`SELECT "${by}" AS value, sum(weight) AS n, coalesce(sum(weight) FILTER (status <> 'ok'), 0),
    max(last_at) FROM (${counted(search, [], kept, binder)}) WHERE "${by}" IS NOT NULL
    GROUP BY value ORDER BY n DESC, value LIMIT ${literal(limit)}`);
}

const COUNTED = 'status, cold, fingerprint, "function", duration_bucket, weight, memory';

/**
 * What a search counts: sums of the hours that lie whole in it and in one span each, and executions, of which `began` is the start, for the
 * rest. Of a duration the sums know its bucket: executions are told apart in the one of them that the shortest lies in. Of labels the
 * sums know nothing, but executions are filed by them; of memory alone nothing helps.
 */
function counted(search: ExecutionSearch, edges: readonly number[], kept: Kept, binder: Binder): string {
  const rows = (table: string, condition: string) =>
    `SELECT started_at AS began, started_at AS last_at, ${COUNTED} FROM ${table} WHERE ${condition}`;
  const { from, to, labels = [], minDurationMs, minMemory } = search;
  if (labels.length > 0)
    return `${rows("executions", where(unfiled(search, kept), binder))}
      UNION ALL ${rows("labelled", filedWhere(search, kept, binder))}`;
  const first = Math.ceil(from / HOUR_MS);
  const end = Math.min(Math.floor(to / HOUR_MS), kept.newest);
  if (minMemory !== undefined || first >= end) return rows("executions", where(search, binder));
  const cut = edges.filter((edge) => edge % HOUR_MS !== 0).map((edge) => literal(Math.floor(edge / HOUR_MS)));
  const isCut = (hour: string) => (cut.length === 0 ? "false" : `${hour} IN (${cut.join(", ")})`);
  const [begin, until] = [first * HOUR_MS, end * HOUR_MS].map(literal);
  const whole = `started_at >= ${begin} AND started_at < ${until} AND NOT ${isCut(HOUR)}`;
  const bucket = minDurationMs === undefined ? undefined : durationBucket(minDurationMs);
  const sums = [
    `hour >= ${literal(first)} AND hour < ${literal(end)} AND NOT ${isCut("hour")}`,
    ...facts(search, binder),
    ...(bucket === undefined ? [] : [`duration_bucket > ${bucket}`]),
  ];
  return [
    rows("executions", `${where(search, binder)} AND NOT (${whole})`),
    ...(bucket === undefined
      ? []
      : [rows("executions", `${where(search, binder)} AND duration_bucket = ${bucket} AND ${whole}`)]),
    `SELECT hour * ${HOUR_MS}::BIGINT AS began, last_at, ${COUNTED} FROM hour_sums WHERE ${sums.join(" AND ")}`,
  ].join(" UNION ALL ");
}

/** The part of a search that is not filed by labels. */
function unfiled(search: ExecutionSearch, { filedTo }: Kept): ExecutionSearch {
  return { ...search, from: Math.max(search.from, filedTo) };
}

/** The condition of rows of the table of labels, one for each execution. */
function filedWhere(search: ExecutionSearch, { filedTo }: Kept, binder: Binder): string {
  const [label = "", ...others] = search.labels ?? [];
  const time = { ...search, to: Math.max(search.from, Math.min(search.to, filedTo)) };
  const within = where({ ...time, labels: [] }, binder);
  const { from, to } = time;
  return [
    `label = ${hashOf(binder.text(label))}`,
    within,
    ...others.map(
      (other) =>
        `id_hash IN (SELECT id_hash FROM labelled WHERE label = ${hashOf(binder.text(other))} AND ${where({ from, to }, binder)})`,
    ),
  ].join(" AND ");
}

function where(search: ExecutionSearch, binder: Binder): string {
  const { minDurationMs, minMemory } = search;
  return [
    `started_at >= ${literal(search.from)}`,
    `started_at < ${literal(search.to)}`,
    ...facts(search, binder),
    ...(minDurationMs === undefined ? [] : [`duration_ms >= ${binder.number(minDurationMs)}`]),
    ...(minMemory === undefined ? [] : [`memory >= ${binder.number(minMemory)}`]),
    ...withLabels(search, binder),
  ].join(" AND ");
}

const withLabels = ({ labels = [] }: ExecutionSearch, binder: Binder) =>
  labels.map((label) => `list_contains(labels, ${binder.text(label)})`);

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
