import { useState } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  type DotItemDotProps,
} from "recharts";
import type { NumberFormat } from "../format/number.ts";
import { t } from "../language/words.ts";
import { changeOf, type Metric } from "../state/metrics.ts";
import { BUCKETS, GRID, valueAxis } from "./axes.ts";
import { wholeness, type ChartPoint } from "./points.ts";
import { spikeText } from "./spikes.ts";
import "./trend.css";

interface Props {
  readonly metric: Metric;
  readonly points: readonly ChartPoint[];
  readonly numbers: NumberFormat;
  /** What people have noted, by the place of its bucket. */
  readonly notes: ReadonlyMap<number, readonly string[]>;
  /** What is usual where a bucket lies far above it, by the bucket's place. */
  readonly spikes: ReadonlyMap<number, number>;
  /** The chart in one sentence, for a reader who does not see it. */
  readonly summary: string;
  /** Called with the first and last bucket of a stretch that was dragged over. */
  readonly onZoom: (first: ChartPoint, last: ChartPoint) => void;
  /** Called with the bucket that was clicked. */
  readonly onEvents?: ((point: ChartPoint) => void) | undefined;
}

/** The metric over time. Drag over a stretch to zoom in; a click leads to the events of a bucket; arrow keys move the cursor while the chart has the focus. */
export default function TrendChart({ metric, points, numbers, notes, spikes, summary, onZoom, onEvents }: Props) {
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const [focused, setFocused] = useState<number>();
  const read = focused === undefined ? undefined : notes.get(focused);
  const dots = points.filter((p) => p.value !== null).length < 3;
  const spikeTexts = (at: number): string[] => {
    const usual = spikes.get(at);
    return usual === undefined ? [] : [spikeText(usual, numbers)];
  };
  const finish = () => {
    const first = drag && points[Math.min(drag.from, drag.to)];
    const last = drag && points[Math.max(drag.from, drag.to)];
    if (first && last && first !== last) onZoom(first, last);
    else if (first && first.value !== null) onEvents?.(first);
    setDrag(undefined);
  };
  return (
    <div
      className="trend-chart"
      role="group"
      aria-label={summary}
      onKeyDown={keepArrows}
      onPointerLeave={() => setDrag(undefined)}
    >
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={[...points]}
          margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
          onMouseDown={(state) => {
            const at = Number(state.activeTooltipIndex);
            if (Number.isInteger(at)) setDrag({ from: at, to: at });
          }}
          onMouseMove={(state) => {
            const to = Number(state.activeTooltipIndex);
            if (drag && Number.isInteger(to) && to !== drag.to) setDrag({ ...drag, to });
          }}
          onMouseUp={finish}
        >
          <defs>
            <linearGradient id="trend-fill" x1="0" y1="0" x2="0" y2="1">
              <stop offset="0%" stopColor="var(--accent)" stopOpacity={0.2} />
              <stop offset="100%" stopColor="var(--accent)" stopOpacity={0.02} />
            </linearGradient>
          </defs>
          <CartesianGrid {...GRID} />
          <XAxis {...BUCKETS} tickFormatter={(at: number) => points[at]?.label ?? ""} />
          <YAxis
            {...valueAxis(
              points.flatMap(({ value, earlier }) => [value, earlier]),
              metric.unit,
            )}
            tickFormatter={(value: number) => numbers.short(value, metric.unit)}
          />
          <Tooltip
            cursor={{ stroke: "var(--line-strong)" }}
            isAnimationActive={false}
            content={({ active, label }) => {
              const point = points[Number(label)];
              return active && point ? (
                <PointTip
                  point={point}
                  notes={[...(notes.get(point.at) ?? []), ...spikeTexts(point.at)]}
                  metric={metric}
                  numbers={numbers}
                  leads={onEvents !== undefined}
                />
              ) : null;
            }}
          />
          <Line
            dataKey="earlier"
            type="linear"
            stroke="var(--earlier)"
            strokeWidth={1.5}
            strokeDasharray="4 4"
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
          <Area
            dataKey="solid"
            type="linear"
            stroke="var(--accent)"
            strokeWidth={2}
            fill="url(#trend-fill)"
            dot={
              spikes.size > 0
                ? ({ index, cx = 0, cy = 0 }: DotItemDotProps) => {
                    const [text] = spikeTexts(points[index]?.at ?? -1);
                    return text === undefined ? (
                      <g key={index} />
                    ) : (
                      <circle key={index} className="spike-mark" cx={cx} cy={cy} r={5} />
                    );
                  }
                : dots && { r: 3, fill: "var(--accent)" }
            }
            activeDot={{ r: 4, fill: "var(--accent)", stroke: "var(--surface)", strokeWidth: 2 }}
            isAnimationActive={false}
          />
          <Line
            dataKey="tail"
            type="linear"
            stroke="var(--accent)"
            strokeWidth={2}
            strokeDasharray="3 4"
            dot={dots ? { r: 3, fill: "var(--accent)" } : false}
            activeDot={{ r: 4, fill: "var(--accent)", stroke: "var(--surface)", strokeWidth: 2 }}
            isAnimationActive={false}
          />
          {[...notes].map(([at, texts]) => (
            <ReferenceLine
              key={at}
              x={at}
              stroke="var(--warn)"
              strokeDasharray="2 3"
              label={
                <NoteMark
                  words={t("Note, {time}: {texts}", { time: points[at]?.long ?? "", texts: texts.join(" · ") })}
                  onFocus={(on) => setFocused(on ? at : undefined)}
                />
              }
            />
          ))}
          {drag && drag.from !== drag.to && (
            <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.12} />
          )}
        </ComposedChart>
      </ResponsiveContainer>
      {read && <p className="tip note-tip">{read.join(" · ")}</p>}
    </div>
  );
}

interface MarkProps {
  /** Of the note's line; the chart adds it. */
  readonly viewBox?: { readonly x: number; readonly y: number };
  readonly words: string;
  readonly onFocus: (on: boolean) => void;
}

/** The head of a note's line, to be read by who does not point at it. */
function NoteMark({ viewBox, words, onFocus }: MarkProps) {
  if (!viewBox) return null;
  return (
    <circle
      className="note-mark"
      cx={viewBox.x}
      cy={viewBox.y}
      r={5}
      role="img"
      aria-label={words}
      tabIndex={0}
      onFocus={() => onFocus(true)}
      onBlur={() => onFocus(false)}
    />
  );
}

/** The page's arrow keys change the range; inside the chart they move its cursor. */
function keepArrows(event: React.KeyboardEvent): void {
  if (event.key.startsWith("Arrow")) event.stopPropagation();
}

interface TipProps {
  /** Whether a click leads on. */
  readonly leads: boolean;
  readonly point: ChartPoint;
  readonly notes: readonly string[];
  readonly metric: Metric;
  readonly numbers: NumberFormat;
}

function PointTip({ point, notes, metric, numbers, leads }: TipProps) {
  const change = point.unfinished || point.cut ? null : changeOf(point.value, point.earlier);
  return (
    <div className="tip">
      <p className="tip-title">
        {metric.label}
        {change !== null && <span>{numbers.change(change)}</span>}
      </p>
      <dl>
        <div>
          <dt>
            <i className="key" />
            {point.long}
            {wholeness(point)}
          </dt>
          <dd>{numbers.value(point.value, metric.unit)}</dd>
        </div>
        {point.earlierLong && (
          <div>
            <dt>
              <i className="key earlier" />
              {point.earlierLong}
            </dt>
            <dd>{numbers.value(point.earlier, metric.unit)}</dd>
          </div>
        )}
      </dl>
      {notes.map((text) => (
        <p key={text} className="tip-noted">
          {text}
        </p>
      ))}
      {leads && point.value !== null && <p className="tip-note">{t("Click: the events behind it")}</p>}
    </div>
  );
}
