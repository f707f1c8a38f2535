import type { Series } from "../../charts/series-chart.tsx";
import { t } from "../../language/words.ts";
import type { Page } from "../../state/page.tsx";
import type { AnswerTable, Cell, TableRow } from "./table.ts";

/** Lines of one chart: more are no longer told apart. */
const DRAWN = 8;

interface Drawn {
  readonly buckets: readonly { readonly start: number; readonly end: number }[];
  readonly series: readonly Series[];
  /** Lines that are left out, the smallest. */
  readonly left: number;
}

/**
 * The lines of an answer over time: one for each group (of the first measure), or one for each measure, with the other time's beside it where
 * there is only one. What lies ahead is no zero.
 */
export function seriesOf(
  { rows, columns, groups }: AnswerTable,
  { nowMs, names }: { nowMs: number } & Pick<Page, "names">,
): Drawn {
  const buckets = [...new Map(rows.map(({ start = 0, end = 0 }) => [start, { start, end }])).values()];
  const at = new Map(buckets.map(({ start }, index) => [start, index]));
  const lines = new Map<string, (number | null)[]>();
  const put = (name: string, row: TableRow, cell: Cell | undefined): void => {
    const line = lines.get(name) ?? buckets.map(() => null);
    const index = at.get(row.start ?? 0);
    if (index !== undefined && (row.start ?? 0) <= nowMs && typeof cell === "number") line[index] = cell;
    lines.set(name, line);
  };
  const alone = groups.length === 0 && columns.length === 1;
  const earlier = buckets.map((): number | null => null);
  for (const row of rows) {
    if (groups.length > 0) {
      put(row.groups.map((value, nth) => names(groups[nth] ?? "", value)).join(" · "), row, row.values[0]);
    } else for (const [nth, name] of columns.entries()) put(name, row, row.values[nth]);
    const before = row.before?.[0];
    const index = at.get(row.start ?? 0);
    if (alone && index !== undefined && typeof before === "number") earlier[index] = before;
  }
  const sumOf = (values: readonly (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const all = [...lines].map(([name, values]) => ({ name, values }));
  const ordered = groups.length > 0 ? all.sort((a, b) => sumOf(b.values) - sumOf(a.values)) : all;
  // Where nothing is known of the other time, a line at zero would be said to have been measured.
  const isCompared = alone && earlier.some((value) => value !== null && value !== 0);
  return {
    buckets,
    series: [
      ...ordered.slice(0, DRAWN),
      ...(isCompared ? [{ name: t("before"), values: earlier, earlier: true }] : []),
    ],
    left: Math.max(0, ordered.length - DRAWN),
  };
}
