import { Result } from "../../asking/result.tsx";
import type { Asking } from "../../asking/use-answer.ts";
import { Icon } from "../../design/icon.tsx";
import { Segmented } from "../../design/segmented.tsx";
import { csvOf, download } from "../../format/csv.ts";
import { bucketFormat } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { gridOf, type CohortRow, type Grid } from "./grid.ts";
import { widthOf, type RetentionSpec } from "./spec.ts";
import "./retention.css";

interface Props {
  readonly asking: Asking<RetentionSpec>;
  /** Absent on a board. */
  readonly onChange?: (patch: Partial<RetentionSpec>) => void;
}

const SHOWN = [
  { value: "percent", label: t("Per cent") },
  { value: "count", label: t("Counts") },
] as const;

/** A row for each cohort, a column for each period after it. */
export function RetentionResult({ asking, onChange }: Props) {
  return (
    <Result
      asking={asking}
      isEmpty={({ answer, at }) => gridOf(answer, at).rows.length === 0}
      empty={
        asking.shown?.spec.actor === "$user"
          ? t(
              "Nobody in this range is known from one day to the next: that takes identify(). Visitors without it have a new id each day.",
            )
          : t("Nothing in this range matches.")
      }
      meta={onChange !== undefined}
    >
      {({ spec, answer, at }) => {
        const grid = gridOf(answer, at);
        return (
          <>
            {onChange && (
              <header className="ask-head">
                <Segmented
                  label={t("What is shown")}
                  options={SHOWN}
                  value={spec.show}
                  onChange={(show) => onChange({ show })}
                />
                <button
                  type="button"
                  className="button small"
                  onClick={() => download("retention.csv", csvOf(cellsOf(grid)))}
                >
                  <Icon name="download" /> CSV
                </button>
              </header>
            )}
            <Cohorts grid={grid} spec={spec} />
          </>
        );
      }}
    </Result>
  );
}

const COLUMN_HEADS = {
  day: (at: number) => (at === 0 ? t("Same day") : t("day {at}", { at })),
  week: (at: number) => (at === 0 ? t("Same week") : t("week {at}", { at })),
  month: (at: number) => (at === 0 ? t("Same month") : t("month {at}", { at })),
} as const;

/** A table for whoever hears it too: each cell has its cohort and its period as headings, and its shade only repeats its number. */
function Cohorts({ grid, spec }: { readonly grid: Grid; readonly spec: RetentionSpec }) {
  const { numbers, locale, access, period } = usePage();
  const width = widthOf(spec, period);
  const times = bucketFormat(locale, access.timezone, width, true);
  const text = (row: CohortRow, count: number | null) =>
    count === null ? "" : spec.show === "count" ? numbers.count(count) : numbers.value(count / row.size, "percent");
  const columns = Array.from({ length: grid.columns }, (_, at) => at);
  return (
    <div className="ask-table cohorts" tabIndex={0} role="region" aria-label={t("Cohorts")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("Began")}</th>
            <th scope="col" className="number">
              {t("How many")}
            </th>
            {columns.map((at) => (
              <th key={at} scope="col" className="number">
                {COLUMN_HEADS[width](at)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row) => (
            <tr key={row.start}>
              <th scope="row">{times.long(row.start, row.end)}</th>
              <td className="number">{numbers.count(row.size)}</td>
              {columns.map((at) => {
                const count = row.returned[at] ?? null;
                return count === null ? (
                  <td key={at} />
                ) : (
                  <td key={at} className="number heat" style={{ "--heat": count / row.size } as React.CSSProperties}>
                    {text(row, count)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" title={t("Of those whose period has passed")}>
              {t("All")}
            </th>
            <td className="number">{numbers.count(grid.rows.reduce((sum, { size }) => sum + size, 0))}</td>
            {columns.map((at) => (
              <td key={at} className="number">
                {numbers.value(grid.average[at] ?? null, "percent")}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function cellsOf({ rows, columns }: Grid) {
  return [
    ["start", "size", ...Array.from({ length: columns }, (_, at) => `returned_${at}`)],
    ...rows.map(({ start, size, returned }) => [
      new Date(start).toISOString(),
      size,
      ...Array.from({ length: columns }, (_, at) => returned[at] ?? null),
    ]),
  ];
}
