import { lazy, Suspense } from "react";
import { Result } from "../../asking/result.tsx";
import { Icon } from "../../design/icon.tsx";
import { Segmented } from "../../design/segmented.tsx";
import { bucketFormat } from "../../format/date.ts";
import { csvOf, download } from "../../format/csv.ts";
import { t } from "../../language/words.ts";
import { usePage } from "../../state/page.tsx";
import { hoursBetween } from "../../state/wall.ts";
import { Bars } from "./bars.tsx";
import { Figures } from "./figures.tsx";
import { seriesOf } from "./series.ts";
import type { ExploreSpec } from "./spec.ts";
import { DataTable } from "./data-table.tsx";
import { tableOf, type AnswerTable } from "./table.ts";
import { widthOf } from "./to-question.ts";
import type { Exploration } from "./use-exploration.ts";

/** Recharts comes with the first chart. */
const SeriesChart = lazy(() => import("../../charts/series-chart.tsx"));

const VIEWS = [
  { value: "chart", label: t("Chart") },
  { value: "table", label: t("Table") },
] as const;

interface Props {
  readonly exploration: Exploration;
  /** Absent on a board: nothing can be changed there. */
  readonly onChange?: (patch: Partial<ExploreSpec>) => void;
}

/** The answer as what suits it: figures, bars, lines, or a table. */
export function ExploreResult({ exploration, onChange }: Props) {
  const { asking, missing } = exploration;
  const page = usePage();
  return (
    <Result
      asking={asking}
      missing={missing}
      isEmpty={({ spec, answer }) => tableOf(spec, answer).rows.length === 0}
      meta={onChange !== undefined}
    >
      {({ spec, answer, at }) => {
        const table = tableOf(spec, answer);
        const isOfEvents = spec.measures.some(({ analysis }) => analysis === "extraction");
        const width = widthOf(spec, page);
        const times = bucketFormat(
          page.locale,
          page.access.timezone,
          width,
          hoursBetween(page.period.start, page.period.end) > 30,
        );
        return (
          <>
            {onChange && (
              <header className="ask-head">
                {isOfEvents ? (
                  <p className="ask-note">
                    {t("The newest {count} that match.", { count: page.numbers.count(table.rows.length) })}
                  </p>
                ) : (
                  <Segmented
                    label={t("Form of the answer")}
                    options={VIEWS}
                    value={spec.view}
                    onChange={(view) => onChange({ view })}
                  />
                )}
                <button
                  type="button"
                  className="button small"
                  onClick={() => download("explore.csv", csvOf(cellsOf(table)))}
                >
                  <Icon name="download" /> CSV
                </button>
              </header>
            )}
            {isOfEvents || spec.view === "table" ? (
              <DataTable table={table} times={times} />
            ) : table.timed ? (
              <Suspense fallback={<div className="ask-wait" role="status" aria-label={t("Loading")} />}>
                <SeriesChart
                  {...seriesOf(table, { nowMs: at, names: page.names })}
                  format={times}
                  numbers={page.numbers}
                  nowMs={at}
                />
              </Suspense>
            ) : table.groups.length > 0 ? (
              <Bars table={table} />
            ) : (
              <Figures table={table} />
            )}
          </>
        );
      }}
    </Result>
  );
}

/** Times in UTC, as a program reads them; of the other time a column each. */
function cellsOf({ groups, columns, timed, rows }: AnswerTable) {
  const compared = rows.some((row) => row.before);
  const head = [
    ...(timed ? ["start", "end"] : []),
    ...groups,
    ...columns,
    ...(compared ? columns.map((name) => t("{name} before", { name })) : []),
  ];
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return [
    head,
    ...rows.map((row) => [
      ...(timed ? [iso(row.start), iso(row.end)] : []),
      ...row.groups.map((value) => (typeof value === "boolean" ? String(value) : value)),
      ...row.values,
      ...(compared ? columns.map((_, at) => row.before?.[at] ?? null) : []),
    ]),
  ];
}
