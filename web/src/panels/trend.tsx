import type { EmbedNote } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { Icon } from "../design/icon.tsx";
import { periodText } from "../format/date.ts";
import { t } from "../language/words.ts";
import { seriesOf } from "../questions/totals.ts";
import { INTERVALS, intervalsFor, type IntervalName } from "../state/interval.ts";
import { isOfVisits, notDrawn } from "../state/metrics.ts";
import { lazyAfterPaint } from "../state/painted.ts";
import { usePage, type Page } from "../state/page.tsx";
import type { Stretch } from "../state/search.ts";
import { addDays } from "../state/wall.ts";
import { isBeside, useAnsweredAt } from "./answered.ts";
import { PanelFailure, Nothing } from "./states.tsx";
import { useBeginning } from "./use-beginning.ts";
import { useFailure } from "./use-failure.ts";
import "./trend.css";

/** Recharts is most of the code: it is asked for when there is something to draw. */
const TrendPicture = lazyAfterPaint(() => import("./trend-picture.tsx"));
const TrendTools = lazyAfterPaint(() => import("./trend-tools.tsx"));

interface Props {
  /** Goes to the events of a stretch of time; absent where there is no such page. */
  readonly onEvents?: ((stretch: Stretch) => void) | undefined;
  /** Whether the project's notes stand on it. */
  readonly noted?: boolean;
  /** Notes that stand on it in an embed, whose reader can add none. */
  readonly notes?: readonly EmbedNote[] | undefined;
}

/** The chosen metric over time, as a line or as a table. */
export function Trend({ onEvents, noted = false, notes }: Props) {
  const page = usePage();
  const { ask, comparison, by, search, period, metric } = page;
  const series = useQuery(seriesOf(ask, by));
  const earlier = useQuery({
    ...seriesOf({ ...ask, period: comparison?.full ?? period }, by, isOfVisits(metric.id)),
    enabled: comparison !== undefined,
  });
  const failure = useFailure(series);
  const answeredAt = useAnsweredAt(series);
  const beginning = useBeginning();
  const meaningless = notDrawn(metric.id, search.filters);
  const waiting = <div className="trend-wait" role="status" aria-label={t("Loading")} />;

  return (
    <section className="trend" aria-label={t("{label} over time", { label: metric.label })}>
      <TrendHead page={page} beginning={beginning} noted={noted} />
      <div className={`trend-body ${series.isPlaceholderData ? "stale" : ""}`}>
        {meaningless ? (
          <Nothing>{meaningless}</Nothing>
        ) : failure ? (
          <PanelFailure error={failure} onRetry={() => void series.refetch()} />
        ) : series.data === undefined ? (
          waiting
        ) : (
          <Suspense fallback={waiting}>
            <TrendPicture
              series={series.data}
              answeredAt={answeredAt}
              earlier={comparison && isBeside(earlier, series) ? earlier.data : undefined}
              beginning={beginning}
              noted={noted}
              given={notes}
              onEvents={onEvents}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}

interface HeadProps {
  readonly page: Page;
  /** The project's first day, where the comparison reaches behind it. */
  readonly beginning: string | undefined;
  readonly noted: boolean;
}

function TrendHead({ page, beginning, noted }: HeadProps) {
  const { search, update, period, by, comparison, locale } = page;
  const fitting = intervalsFor(period);
  const table = search.view === "table";
  return (
    <header className="trend-head">
      <p className="trend-legend">
        <span>
          <i className="key" />
          {periodText(locale, period)}
          <span className="trend-zone" title={t("Time zone of the project")}>
            {page.access.timezone.replaceAll("_", " ")}
          </span>
        </span>
        {comparison && (
          <span>
            <i className="key earlier" />
            {periodText(locale, comparison.full)}
            {beginning && (
              <span className="trend-zone">
                {t("no data before {period}", {
                  period: periodText(locale, { start: beginning, end: addDays(beginning, 1) }),
                })}
              </span>
            )}
          </span>
        )}
      </p>
      <div className="trend-tools">
        {noted && (
          <Suspense>
            <TrendTools />
          </Suspense>
        )}
        <label>
          <span className="visually-hidden">{t("Width of one point")}</span>
          <select
            className="button small"
            value={by}
            onChange={(event) => update({ by: event.target.value as IntervalName })}
          >
            {INTERVALS.filter((i) => fitting.includes(i.name)).map((i) => (
              <option key={i.name} value={i.name}>
                {i.label}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button small icon"
          aria-pressed={table}
          aria-label={table ? t("Show as chart") : t("Show as table")}
          title={table ? t("Show as chart") : t("Show as table")}
          onClick={() => update({ view: table ? "chart" : "table" })}
        >
          <Icon name={table ? "chart" : "table"} />
        </button>
      </div>
    </header>
  );
}
