import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { BucketFormat } from "../format/date.ts";
import type { NumberFormat } from "../format/number.ts";
import { t } from "../language/words.ts";
import { BUCKETS, GRID, valueAxis } from "./axes.ts";
import { linePartsOf, wholeness } from "./points.ts";
import "./trend.css";
import "./series.css";

export interface Series {
  readonly name: string;
  /** One for each bucket; null: nothing to draw there. */
  readonly values: readonly (number | null)[];
  /** The other time's. */
  readonly earlier?: boolean;
}

interface Props {
  readonly buckets: readonly { readonly start: number; readonly end: number }[];
  readonly series: readonly Series[];
  /** Lines that are not drawn. */
  readonly left: number;
  readonly format: BucketFormat;
  readonly numbers: NumberFormat;
  /** When it was answered: the bucket in which that lies has not ended. */
  readonly nowMs: number;
  /** How a value is written, where it is no plain number. */
  readonly text?: (value: number) => string;
}

/** Lines of one scale, told apart by colour and dashes; dots lead into what has not ended. Arrow keys move the cursor while the chart has the focus. */
export default function SeriesChart({ buckets, series, left, format, numbers, nowMs, text }: Props) {
  // The other time's buckets have all ended.
  const parts = series.map(({ values, earlier }) => linePartsOf(values, earlier ? [] : buckets, nowMs));
  const points = buckets.map((_, at) => ({
    at,
    ...Object.fromEntries(
      parts.flatMap(({ solid, tail }, nth) => [
        [`s${nth}`, solid[at]],
        [`t${nth}`, tail[at]],
      ]),
    ),
  }));
  const unitOf = (value: number) => (Number.isInteger(value) ? "count" : "amount");
  const textOf = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : text ? text(value) : numbers.value(value, unitOf(value));
  const isShort = buckets.length < 3;
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  return (
    <figure className="series">
      <div
        className="series-chart trend-chart"
        role="group"
        aria-label={t("{names} over time. The table has every number.", {
          names: series.map(({ name }) => name).join(", "),
        })}
        onKeyDown={keepArrows}
      >
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
            <CartesianGrid {...GRID} />
            <XAxis {...BUCKETS} tickFormatter={(at: number) => (buckets[at] ? format.short(buckets[at].start) : "")} />
            <YAxis
              {...valueAxis(all, all.every(Number.isInteger) ? "count" : "amount")}
              tickFormatter={text ?? ((value: number) => numbers.short(value, unitOf(value)))}
            />
            <Tooltip
              cursor={{ stroke: "var(--line-strong)" }}
              isAnimationActive={false}
              content={({ active, label }) => {
                const bucket = buckets[Number(label)];
                if (!active || !bucket) return null;
                return (
                  <div className="tip">
                    <p className="tip-title">
                      {format.long(bucket.start, bucket.end)}
                      {wholeness({ unfinished: bucket.start <= nowMs && nowMs < bucket.end, cut: false })}
                    </p>
                    <dl>
                      {series.map(({ name, values, earlier }, nth) => (
                        <div key={name}>
                          <dt>
                            <i className={`key ${keyClass(nth, earlier)}`} />
                            {name}
                          </dt>
                          <dd>{textOf(values[Number(label)])}</dd>
                        </div>
                      ))}
                    </dl>
                  </div>
                );
              }}
            />
            {series.map(({ name, earlier }, nth) => (
              <Line
                key={name}
                name={name}
                dataKey={`s${nth}`}
                type="linear"
                stroke={earlier ? "var(--earlier)" : `var(--series-${nth + 1})`}
                strokeWidth={earlier ? 1.5 : 2}
                strokeDasharray={earlier ? "4 4" : (DASHES[nth % DASHES.length] ?? "0")}
                dot={isShort ? { r: 3 } : false}
                isAnimationActive={false}
              />
            ))}
            {parts.map(({ tail }, nth) =>
              tail.every((value) => value === null) ? null : (
                <Line
                  key={`tail ${nth}`}
                  className="series-tail"
                  dataKey={`t${nth}`}
                  type="linear"
                  stroke={`var(--series-${nth + 1})`}
                  strokeWidth={2}
                  strokeDasharray="1 4"
                  dot={isShort ? { r: 3 } : false}
                  isAnimationActive={false}
                />
              ),
            )}
          </LineChart>
        </ResponsiveContainer>
      </div>
      <figcaption>
        {series.length > 1 && (
          <ul className="series-legend">
            {series.map(({ name, earlier }, nth) => (
              <li key={name}>
                <i className={`key ${keyClass(nth, earlier)}`} />
                {name}
              </li>
            ))}
          </ul>
        )}
        {left > 0 && <p>{t("{left} more are in the table.", { left: numbers.count(left) })}</p>}
      </figcaption>
    </figure>
  );
}

/** Who does not tell colours apart tells dashes apart. */
const DASHES = ["0", "7 3", "2 3", "9 3 2 3"] as const;

function keyClass(nth: number, earlier: boolean | undefined): string {
  return earlier ? "earlier" : `series-${nth + 1}`;
}

/** The page's arrow keys change the range; inside the chart they move its cursor. */
function keepArrows(event: React.KeyboardEvent): void {
  if (event.key.startsWith("Arrow")) event.stopPropagation();
}
