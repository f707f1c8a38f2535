import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { chartPoints, type ChartPoint } from "../charts/points.ts";
import { Icon } from "../design/icon.tsx";
import { bucketFormat, periodText } from "../format/date.ts";
import { t } from "../language/words.ts";
import { seriesOf } from "../questions/totals.ts";
import { INTERVALS, intervalsFor, wholeBucketMs, type IntervalName } from "../state/interval.ts";
import { isOfVisits, notDrawn } from "../state/metrics.ts";
import { usePage, type Page } from "../state/page.tsx";
import type { Search } from "../state/search.ts";
import { addDays, dateOf, hoursBetween, wallNow } from "../state/wall.ts";
import { PanelFailure, Nothing } from "./states.tsx";
import { useBeginning } from "./use-beginning.ts";
import { useFailure } from "./use-failure.ts";
import "./trend.css";

/** Recharts is most of the code. It is asked for when there is something to draw: before, it would keep a slow machine from the first numbers. */
const TrendPicture = lazy(() => import("./trend-picture.tsx"));
const TrendTools = lazy(() => import("./trend-tools.tsx"));

interface Props {
  /** Goes to the events of a stretch of time; absent where there is no such page. */
  readonly onEvents?: (stretch: Pick<Search, "range" | "from" | "to" | "by">) => void;
  /** Whether the project's notes stand on it. */
  readonly noted?: boolean;
}

/** The chosen metric over time, as a line or as a table. */
export function Trend({ onEvents, noted = false }: Props) {
  const page = usePage();
  const { ask, comparison, by, search, locale, period, update, metric } = page;
  const series = useQuery(seriesOf(ask, by));
  const earlier = useQuery({
    ...seriesOf({ ...ask, period: comparison?.full ?? period }, by, isOfVisits(metric.id)),
    enabled: comparison !== undefined,
  });
  const failure = useFailure(series);
  const format = bucketFormat(locale, ask.access.timezone, by, hoursBetween(period.start, period.end) > 30);
  const before = comparison && !earlier.isPlaceholderData ? earlier.data : undefined;
  const beginning = useBeginning();
  const recorded = before?.map((point) =>
    beginning !== undefined && wallNow(ask.access.timezone, point.end - 1) < beginning ? undefined : point,
  );
  const points =
    series.data &&
    chartPoints(metric, series.data, recorded, { format, nowMs: series.dataUpdatedAt, wholeMs: wholeBucketMs(by) });
  const toEvents = onEvents && ((point: ChartPoint) => onEvents(zoomTo(page, point, point)));
  const meaningless = notDrawn(metric.id, search.filters);

  return (
    <section className="trend" aria-label={t("{label} over time", { label: metric.label })}>
      <TrendHead page={page} beginning={beginning} noted={noted} />
      <div className={`trend-body ${series.isPlaceholderData ? "stale" : ""}`}>
        {meaningless ? (
          <Nothing>{meaningless}</Nothing>
        ) : failure ? (
          <PanelFailure error={failure} onRetry={() => void series.refetch()} />
        ) : points === undefined ? (
          <div className="trend-wait" role="status" aria-label={t("Loading")} />
        ) : (
          <Suspense fallback={<div className="trend-wait" role="status" aria-label={t("Loading")} />}>
            <TrendPicture
              points={points}
              compared={recorded !== undefined}
              noted={noted}
              summary={summaryOf(page, points)}
              onZoom={(first, last) => update(zoomTo(page, first, last))}
              onEvents={toEvents}
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

function summaryOf(page: Page, points: readonly ChartPoint[]): string {
  const { numbers, locale, period, metric } = page;
  const known = points.filter((p) => p.value !== null);
  const highest = known.reduce<ChartPoint | undefined>(
    (best, p) => (best === undefined || (p.value ?? 0) > (best.value ?? 0) ? p : best),
    undefined,
  );
  const peak =
    highest && t("Highest: {value}, {time}.", { value: numbers.value(highest.value, metric.unit), time: highest.long });
  const what = `${metric.label}, ${periodText(locale, period)}.`;
  return [what, peak, t("The table view has every number.")].filter(Boolean).join(" ");
}

/** A dragged stretch as a custom range: days, or wall times when it lies within few of them. */
function zoomTo(page: Page, first: ChartPoint, last: ChartPoint) {
  const zone = page.access.timezone;
  const from = wallNow(zone, first.start);
  const to = wallNow(zone, last.end);
  return page.by === "hour"
    ? ({ range: "custom", from, to, by: undefined } as const)
    : ({ range: "custom", from: dateOf(from), to: addDays(dateOf(to), -1), by: undefined } as const);
}
