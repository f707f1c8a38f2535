import type { Json } from "@millrace/core";
import type { AnyAnswer } from "../../asking/answer.ts";
import { columnsOf, labelsOf } from "./labels.ts";
import { askable, type ExploreSpec, type Measure } from "./spec.ts";

/** What a row has in a column of numbers; a text where values themselves were asked for. */
export type Cell = number | string | null;
export type GroupValue = string | number | boolean | null;

export interface TableRow {
  /** Of a bucket, milliseconds UTC. */
  readonly start?: number;
  readonly end?: number;
  readonly groups: readonly GroupValue[];
  readonly values: readonly Cell[];
  /** The same of the other time; absent: not compared, or that time has no such row. */
  readonly before?: readonly Cell[] | undefined;
}

/** An answer as a table, whatever shape interval, groups and measures gave it. */
export interface AnswerTable {
  /** Properties, in the order of `groups` of a row. */
  readonly groups: readonly string[];
  readonly columns: readonly string[];
  readonly timed: boolean;
  readonly rows: readonly TableRow[];
}

type Fields = Readonly<Record<string, Json>>;
interface Bucket {
  readonly value: Json;
  readonly timeframe: { readonly start: string; readonly end: string };
}

/** @param spec what was asked; the answer itself does not say which shape it has */
export function tableOf(spec: ExploreSpec, answer: AnyAnswer): AnswerTable {
  const measures = askable(spec.measures);
  const [only] = measures;
  if (only?.analysis === "extraction") return eventsTable(answer.result as readonly Fields[]);
  const groups = spec.groups.map(({ property }) => property).filter(Boolean);
  const timed = spec.interval !== "none";
  const labels = labelsOf(measures);
  const columns = columnsOf(measures);
  const read = { measures, labels, groups };
  const compared = (answer["comparison"] as { readonly result: Json } | undefined)?.result;
  const rows = timed ? ofBuckets(answer.result, compared, read) : ofRows(answer.result, compared, read);
  return { groups, columns, timed, rows };
}

interface Read {
  readonly measures: readonly Measure[];
  readonly labels: readonly string[];
  readonly groups: readonly string[];
}

function ofBuckets(result: Json, compared: Json | undefined, read: Read): TableRow[] {
  const others = compared as readonly Bucket[] | undefined;
  return (result as unknown as readonly Bucket[]).flatMap(({ value, timeframe }, at) => {
    const times = { start: Date.parse(timeframe.start), end: Date.parse(timeframe.end) };
    return ofRows(value, others?.[at]?.value, read).map((row) => ({ ...times, ...row }));
  });
}

/** Rows of the two times are matched by their groups: beyond a limit they do not stand at the same place. */
function ofRows(result: Json, compared: Json | undefined, { measures, labels, groups }: Read): TableRow[] {
  const valuesOf = (of: Json): Cell[] =>
    measures.flatMap((measure, at) =>
      cellsOf(measure, measures.length === 1 ? of : ((of as Fields)[labels[at] ?? ""] ?? null)),
    );
  if (groups.length === 0) {
    return [{ groups: [], values: valuesOf(result), ...(compared !== undefined && { before: valuesOf(compared) }) }];
  }
  const ofRow = (row: Fields) => (measures.length === 1 ? (row["result"] ?? null) : row);
  const keyOf = (row: Fields) => JSON.stringify(groups.map((name) => row[name] ?? null));
  const before = new Map(
    ((compared ?? []) as readonly Fields[]).map((row) => [keyOf(row), valuesOf(ofRow(row))] as const),
  );
  return (result as readonly Fields[]).map((row) => ({
    groups: groups.map((name) => groupValue(row[name])),
    values: valuesOf(ofRow(row)),
    ...(compared !== undefined && { before: before.get(keyOf(row)) }),
  }));
}

function cellsOf({ analysis, percentiles }: Measure, value: Json): Cell[] {
  if (analysis === "percentiles") return percentiles.map((each) => cell((value as Fields | null)?.[String(each)]));
  if (analysis === "select_unique") return [(value as readonly Json[]).map(textOf).join(", ")];
  return [cell(value)];
}

function cell(value: Json | undefined): Cell {
  return typeof value === "number" ? value : value === null || value === undefined ? null : textOf(value);
}

function groupValue(value: Json | undefined): GroupValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whole events: a column for every property that one of them has. */
function eventsTable(events: readonly Fields[]): AnswerTable {
  const flat = events.map((event) => new Map(leavesOf(event)));
  const columns = [...new Set(flat.flatMap((event) => [...event.keys()]))].sort(keenFirst);
  const rows = flat.map((event) => ({ groups: [], values: columns.map((name) => event.get(name) ?? null) }));
  return { groups: [], columns, timed: false, rows };
}

/** When it was comes first. */
function keenFirst(a: string, b: string): number {
  const rank = (name: string) => (name === "keen.timestamp" ? 0 : name.startsWith("keen.") ? 2 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function leavesOf(value: Json, path = ""): [string, Cell][] {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, path === "" ? name : `${path}.${name}`));
  }
  return [[path, cell(value)]];
}
