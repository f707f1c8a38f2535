import type { EmbedNote } from "@millrace/client";
import { useQuery } from "@tanstack/react-query";
import { memo, useMemo } from "react";
import { annotationsOf, within } from "../asking/annotations.ts";
import { definitionsOf } from "../asking/definitions.ts";
import { chartPoints, type ChartPoint } from "../charts/points.ts";
import { spikesAmong } from "../charts/spikes.ts";
import TrendChart from "../charts/trend-chart.tsx";
import { TrendTable } from "../charts/trend-table.tsx";
import { bucketFormat, periodText } from "../format/date.ts";
import { t } from "../language/words.ts";
import type { SeriesPoint } from "../questions/totals.ts";
import { wholeBucketMs, type IntervalName } from "../state/interval.ts";
import { usePage, type Page } from "../state/page.tsx";
import type { Stretch } from "../state/search.ts";
import { addDays, dateOf, hoursBetween, wallNow } from "../state/wall.ts";

interface Props {
  readonly series: readonly SeriesPoint[];
  /** When that was answered, milliseconds. */
  readonly answeredAt: number;
  /** The comparison period's; absent: nothing is compared. */
  readonly earlier: readonly SeriesPoint[] | undefined;
  /** The project's first day, where the comparison reaches behind it. */
  readonly beginning: string | undefined;
  /** Whether the project's notes stand on it. Not by themselves in embeds: they were written for those who run the project. */
  readonly noted: boolean;
  /** Those of an embed whose token shows them. */
  readonly given?: readonly EmbedNote[] | undefined;
  readonly onEvents?: ((stretch: Stretch) => void) | undefined;
}

/** To draw is the most that the page does: nothing is drawn again that looks as it did. */
const Chart = memo(TrendChart);

/** The line or the table, with what people have noted on its days. */
export default function TrendPicture({ series, answeredAt, earlier, beginning, noted, given, onEvents }: Props) {
  const page = usePage();
  const { by, locale, metric, numbers, period, search, update } = page;
  const zone = page.access.timezone;
  const { data } = useQuery({ ...definitionsOf(page.access, "annotations"), enabled: noted });
  const points = useMemo(() => {
    const recorded = earlier?.map((point) =>
      beginning !== undefined && wallNow(zone, point.end - 1) < beginning ? undefined : point,
    );
    const format = bucketFormat(locale, zone, by, hoursBetween(period.start, period.end) > 30);
    return chartPoints(metric, series, recorded, { format, nowMs: answeredAt, wholeMs: wholeBucketMs(by) });
  }, [series, earlier, beginning, answeredAt, metric, by, period, locale, zone]);
  const notes = useMemo(() => {
    const all = given ?? annotationsOf(data ?? []);
    const wall = (at: number) => wallNow(zone, at);
    return new Map(
      points.flatMap(({ at, start, end }) => {
        const texts = all.length > 0 ? within(all, wall(start), wall(end)).map(({ text }) => text) : [];
        return texts.length > 0 ? [[at, texts] as const] : [];
      }),
    );
  }, [points, data, given, zone]);
  const leads = useMemo(() => {
    const zoom = (first: ChartPoint, last: ChartPoint) => zoomTo(zone, by, first, last);
    return {
      onZoom: (first: ChartPoint, last: ChartPoint) => update(zoom(first, last)),
      onEvents: onEvents && ((point: ChartPoint) => onEvents(zoom(point, point))),
    };
  }, [zone, by, update, onEvents]);
  const spikes = useMemo(() => spikesAmong(points, metric), [points, metric]);
  const drawn = { metric, points, numbers, notes, spikes, onEvents: leads.onEvents };
  return search.view === "table" ? (
    <TrendTable {...drawn} compared={earlier !== undefined} />
  ) : (
    <Chart {...drawn} summary={summaryOf(page, points)} onZoom={leads.onZoom} />
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
function zoomTo(zone: string, by: IntervalName, first: ChartPoint, last: ChartPoint): Stretch {
  const from = wallNow(zone, first.start);
  const to = wallNow(zone, last.end);
  return by === "hour"
    ? { range: "custom", from, to, by: undefined }
    : { range: "custom", from: dateOf(from), to: addDays(dateOf(to), -1), by: undefined };
}
