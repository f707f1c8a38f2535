import type { NumberFormat } from "../format/number.ts";
import { t } from "../language/words.ts";
import { changeOf, type Metric } from "../state/metrics.ts";
import { wholeness, type ChartPoint } from "./points.ts";
import { spikeText } from "./spikes.ts";
import "./trend.css";

interface Props {
  readonly metric: Metric;
  readonly points: readonly ChartPoint[];
  readonly numbers: NumberFormat;
  readonly compared: boolean;
  /** By the place of their bucket. */
  readonly notes: ReadonlyMap<number, readonly string[]>;
  /** What is usual where a bucket lies far above it. */
  readonly spikes: ReadonlyMap<number, number>;
  /** Goes to the events of a bucket. */
  readonly onEvents?: ((point: ChartPoint) => void) | undefined;
}

/** The chart's numbers as a table, newest first. */
export function TrendTable({ metric, points, numbers, compared, notes, spikes, onEvents }: Props) {
  const noted = notes.size > 0 || spikes.size > 0;
  const begun = points.filter((point) => point.value !== null || point.earlier !== null).toReversed();
  return (
    <div
      className="trend-table"
      tabIndex={0}
      role="region"
      aria-label={t("{label} as a table", { label: metric.label })}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{t("Time")}</th>
            <th scope="col">{metric.label}</th>
            {compared && <th scope="col">{t("Before")}</th>}
            {compared && <th scope="col">{t("Change")}</th>}
            {noted && <th scope="col">{t("Notes")}</th>}
            {onEvents && <th scope="col">{t("Behind it")}</th>}
          </tr>
        </thead>
        <tbody>
          {begun.map((point) => {
            const change = point.unfinished || point.cut ? null : changeOf(point.value, point.earlier);
            const usual = spikes.get(point.at);
            const spike = usual === undefined ? [] : [spikeText(usual, numbers)];
            return (
              <tr key={point.at}>
                <th scope="row">
                  {point.long}
                  {wholeness(point)}
                </th>
                <td>{numbers.value(point.value, metric.unit)}</td>
                {compared && <td>{numbers.value(point.earlier, metric.unit)}</td>}
                {compared && <td>{change === null ? "–" : numbers.change(change)}</td>}
                {noted && <td className="trend-note">{[...(notes.get(point.at) ?? []), ...spike].join(" · ")}</td>}
                {onEvents && (
                  <td>
                    <button type="button" className="button quiet small" onClick={() => onEvents(point)}>
                      {t("Events")}
                      <span className="visually-hidden"> {t("of {time}", { time: point.long })}</span>
                    </button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
