import type { NumberFormat } from "../format/number.ts";
import { t } from "../language/words.ts";
import { changeOf, type Metric } from "../state/metrics.ts";
import { wholeness, type ChartPoint } from "./points.ts";
import "./trend.css";

interface Props {
  readonly metric: Metric;
  readonly points: readonly ChartPoint[];
  readonly numbers: NumberFormat;
  readonly compared: boolean;
  /** By the place of their bucket. */
  readonly notes: ReadonlyMap<number, readonly string[]>;
  /** Goes to the events of a bucket. */
  readonly onEvents?: ((point: ChartPoint) => void) | undefined;
}

/** The chart's numbers as a table, newest first. */
export function TrendTable({ metric, points, numbers, compared, notes, onEvents }: Props) {
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
            {notes.size > 0 && <th scope="col">{t("Notes")}</th>}
            {onEvents && <th scope="col">{t("Behind it")}</th>}
          </tr>
        </thead>
        <tbody>
          {begun.map((point) => {
            const change = point.unfinished || point.cut ? null : changeOf(point.value, point.earlier);
            return (
              <tr key={point.at}>
                <th scope="row">
                  {point.long}
                  {wholeness(point)}
                </th>
                <td>{numbers.value(point.value, metric.unit)}</td>
                {compared && <td>{numbers.value(point.earlier, metric.unit)}</td>}
                {compared && <td>{change === null ? "–" : numbers.change(change)}</td>}
                {notes.size > 0 && <td className="trend-note">{notes.get(point.at)?.join(" · ")}</td>}
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
