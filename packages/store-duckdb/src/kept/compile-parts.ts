import { mapInStints, type MetricPlan } from "@millrace/core";
import { bucketSql } from "../compile-bucket.ts";
import type { Compiled } from "../compile.ts";
import { condition } from "../compile-events.ts";
import { compileFilter } from "../compile-filter.ts";
import { decodeGroup, groupSql } from "../compile-group.ts";
import { fieldSql } from "../compile-field.ts";
import { distinctHash, numberOf, type Cell } from "../compile-measure.ts";
import { createBinder, literal, type Binder } from "../statement.ts";
import { MOST_EXACT, partOf, type Part, type PartCell, type PartRow } from "./part.ts";
import type { Span } from "./spans.ts";

/** Groups of a day, on average: what has more is not worth its room. */
const MOST_ROWS = 1_000;

/** One measure as columns of the SELECT, and the way to its cell in a part; undefined where that cannot be put together with others. */
interface PartSql {
  readonly columns: readonly string[];
  readonly decode: (cells: readonly Cell[]) => PartCell | undefined;
}

/**
 * The parts of spans that follow one another, as one reading. Undefined where they are too many groups, or a sum is none of whole
 * numbers: such a question is answered in one piece.
 */
export function compileParts(plan: MetricPlan, spans: readonly Span[]): Compiled<readonly Part[] | undefined> {
  const binder = createBinder();
  const edges = [spans[0]?.start ?? 0, ...spans.map(({ end }) => end)];
  const range = { start: edges[0] ?? 0, end: edges.at(-1) ?? 0 };
  const groups = plan.groupBy.map((key) => groupSql(key, binder));
  const keys = [bucketSql(edges, plan.time), ...groups.flatMap((kinds) => kinds.map(({ sql }) => sql))];
  const measures = plan.measures.map((measure) => partSql(measure, binder));
  const columns = [...keys, ...measures.flatMap((measure) => measure.columns)];
  const mostRows = MOST_ROWS * spans.length;
  const statement = binder.statement(
    `SELECT ${columns.join(", ")} FROM events WHERE ${condition({ ...plan, range }, binder)}` +
      ` GROUP BY ${keys.map((_, i) => i + 1).join(", ")} LIMIT ${literal(mostRows + 1)}`,
  );
  const decodeRow = (row: readonly Cell[]): { at: number; row: PartRow } | undefined => {
    let at = 1;
    const take = (count: number) => row.slice(at, (at += count));
    const group = groups.map((kinds) => decodeGroup(kinds, take(kinds.length)));
    const cells = measures.map(({ columns: own, decode }) => decode(take(own.length)));
    return cells.every((cell) => cell !== undefined) ? { at: Number(row[0]), row: { group, cells } } : undefined;
  };
  return {
    statement,
    decode: async (rows) => {
      if (rows.length > mostRows) return undefined;
      const decoded = await mapInStints(rows, decodeRow);
      const by: PartRow[][] = spans.map(() => []);
      for (const each of decoded) {
        if (!each) return undefined;
        by[each.at]?.push(each.row);
      }
      return by.map(partOf);
    },
  };
}

function partSql({ measure, filter }: MetricPlan["measures"][number], binder: Binder): PartSql {
  const passes = filter && compileFilter(filter, binder);
  const only = passes === undefined ? "" : ` FILTER (WHERE ${passes})`;
  if (measure.kind === "count") return { columns: [`count(*)${only}`], decode: ([cell]) => Number(cell) };
  if (measure.kind === "count_unique") {
    const hash = distinctHash(measure.field, binder);
    const known = `${hash} IS NOT NULL${passes === undefined ? "" : ` AND ${passes}`}`;
    return {
      columns: [`list(DISTINCT ${hash}) FILTER (WHERE ${known})`],
      decode: ([cell]) => (cell === null ? new BigUint64Array() : (cell as BigUint64Array).sort()),
    };
  }
  if (measure.kind !== "sum") throw new Error(`${measure.kind} has no parts.`);
  const x = numberOf(fieldSql(measure.field, binder));
  return {
    columns: [`fsum(${x})${only}`, `sum(abs(${x}))${only}`, `bool_and(${x} = trunc(${x}))${only}`],
    decode: ([sum, size, isWhole]) =>
      isWhole === false || Number(size) >= MOST_EXACT ? undefined : { sum: Number(sum), size: Number(size) },
  };
}
