import {
  inStints,
  LIMITS_QUERY,
  mapInStints,
  MillraceError,
  STANDARD_FIELDS,
  valueKey,
  type Context,
  type ExtractedEvent,
  type ExtractionPlan,
  type JsonObject,
  type MetricPlan,
  type MetricResult,
  type MetricRow,
} from "@millrace/core";
import { bucketSql } from "./compile-bucket.ts";
import { condition } from "./compile-events.ts";
import { compileFilter } from "./compile-filter.ts";
import { decodeGroup, groupSql } from "./compile-group.ts";
import { compileMeasure, type Cell } from "./compile-measure.ts";
import { identifier } from "./schema.ts";
import { createBinder, literal, type Statement } from "./statement.ts";

/** A plan as SQL and the way back: `decode` takes the rows of exactly this statement. */
export interface Compiled<Result> {
  readonly statement: Statement;
  readonly decode: (rows: readonly (readonly Cell[])[]) => Result | Promise<Result>;
}

/**
 * One SELECT for the whole answer, so that all measures see one snapshot.
 * `decode` throws MillraceError `TooManyResultsError` when there are more groups or cells than an answer may have.
 */
export function compileMetric(plan: MetricPlan): Compiled<MetricResult> {
  const binder = createBinder();
  const bucket = plan.edges === undefined ? [] : [bucketSql(plan.edges, plan.time)];
  const groups = plan.groupBy.map((key) => groupSql(key, binder));
  const keys = [...bucket, ...groups.flatMap((kinds) => kinds.map((kind) => kind.sql))];
  const measures = plan.measures.map(({ measure, filter }) =>
    compileMeasure(measure, filter && compileFilter(filter, binder), binder),
  );
  const columns = [...keys, ...measures.flatMap((measure) => measure.columns)];
  const maxRows = plan.edges === undefined ? LIMITS_QUERY.groups : LIMITS_QUERY.cells;
  const grouping =
    keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, i) => i + 1).join(", ")} LIMIT ${literal(maxRows + 1)}`;
  const statement = binder.statement(
    `SELECT ${columns.join(", ")} FROM events WHERE ${condition(plan, binder)}${grouping}`,
  );
  const decodeRow = (cells: readonly Cell[], notes: Set<string>): MetricRow => {
    let at = 0;
    const take = (count: number) => cells.slice(at, (at += count));
    return {
      bucket: bucket.length === 0 ? 0 : Number(take(1)[0]),
      group: groups.map((kinds) => decodeGroup(kinds, take(kinds.length))),
      values: measures.map((measure) => {
        const own = take(measure.columns.length);
        const note = measure.note?.(own);
        if (note !== undefined) notes.add(note);
        return measure.decode(own);
      }),
    };
  };
  return {
    statement,
    decode: async (rows) => {
      if (rows.length > maxRows) throw tooMany();
      const notes = new Set<string>();
      const decoded = await mapInStints(rows, (row) => decodeRow(row, notes));
      if (plan.edges !== undefined && plan.groupBy.length > 0) {
        const seen = new Set<string>();
        await inStints(decoded, (row) => void seen.add(valueKey([...row.group] as never)));
        if (seen.size > LIMITS_QUERY.groups) throw tooMany();
      }
      return { rows: decoded, exact: notes.size === 0, notes: [...notes] };
    },
  };
}

const GATHERING: ReadonlySet<string> = new Set(["count_unique", "select_unique", "percentile", "percentiles"]);

/**
 * Counts the groups first where a measure gathers values for each of them. Such an aggregation can take minutes before it is
 * known that its answer is too large, and a LIMIT above it does not stop it; counting the groups alone is a fraction of that.
 * Undefined where the answer itself costs no more than this.
 */
export function compileGroupCount(plan: MetricPlan): Compiled<void> | undefined {
  if (plan.groupBy.length === 0 || !plan.measures.some(({ measure }) => GATHERING.has(measure.kind))) return undefined;
  const binder = createBinder();
  const keys = plan.groupBy.flatMap((key) => groupSql(key, binder).map((kind) => kind.sql));
  const most = LIMITS_QUERY.groups;
  const groups = `SELECT ${keys.map((sql, i) => `${sql} AS k${i}`).join(", ")} FROM events WHERE ${condition(plan, binder)} GROUP BY ${keys.map((_, i) => i + 1).join(", ")} LIMIT ${literal(most + 1)}`;
  return {
    statement: binder.statement(`SELECT count(*) FROM (${groups})`),
    decode: ([row]) => {
      if (Number(row?.[0]) > most) throw tooMany();
    },
  };
}

function tooMany(): MillraceError {
  return new MillraceError(
    "TooManyResultsError",
    `The answer has more than ${LIMITS_QUERY.groups} groups (or ${LIMITS_QUERY.cells} cells). Group by fewer properties, use a filter, or a longer interval.`,
  );
}

const CONTEXT_FIELDS = STANDARD_FIELDS.filter(
  ({ column }) => !["id", "collection", "timestamp", "received_at"].includes(column),
);

/** Events by (timestamp, id), one more than the plan's limit if there are more. */
export function compileExtraction(plan: ExtractionPlan): Compiled<ExtractedEvent[]> {
  const binder = createBinder();
  const columns = ["id", "collection", "timestamp", "received_at", "properties"];
  const list = [...columns, ...CONTEXT_FIELDS.map(({ column }) => column)].map(identifier).join(", ");
  const direction = plan.order === "newest" ? " DESC" : "";
  return {
    statement: binder.statement(
      `SELECT ${list} FROM events WHERE ${condition(plan, binder)} ` +
        `ORDER BY "timestamp"${direction}, "id"${direction} LIMIT ${literal(plan.limit + 1)}`,
    ),
    decode: (rows) => mapInStints(rows, decodeEvent),
  };
}

function decodeEvent(cells: readonly Cell[]): ExtractedEvent {
  const [id, collection, timestamp, receivedAt, properties, ...context] = cells;
  const known = CONTEXT_FIELDS.flatMap(({ column, kind }, i): [string, Cell][] => {
    const cell = context[i];
    if (cell === null || cell === undefined) return [];
    return [[column, kind === "datetime" ? Number(cell) : cell]];
  });
  return {
    id: id as string,
    collection: collection as string,
    timestamp: Number(timestamp),
    receivedAt: Number(receivedAt),
    context: Object.fromEntries(known) as Context,
    properties: JSON.parse(properties as string) as JsonObject,
  };
}
