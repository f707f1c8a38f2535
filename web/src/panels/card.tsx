import type { ReactNode } from "react";
import type { NumberFormat } from "../format/number.ts";
import { t } from "../language/words.ts";
import { changeOf, isEstimate, type Metric, type Totals } from "../state/metrics.ts";
import type { Period } from "../state/ranges.ts";
import { daysBetween } from "../state/wall.ts";
import { ChangeBy } from "./change.tsx";
import "./cards.css";

/** The cards, side by side. */
export function CardRow({ stale = false, children }: { readonly stale?: boolean; readonly children: ReactNode }) {
  return (
    <div className={`cards ${stale ? "stale" : ""}`} role="group" aria-label={t("Metrics")}>
      {children}
    </div>
  );
}

interface MetricProps {
  readonly metric: Metric;
  readonly label: string;
  /** Absent: on their way. */
  readonly totals: Totals | undefined;
  /** Absent: nothing is compared, or it is on its way. */
  readonly earlier: Totals | undefined;
  readonly period: Period;
  readonly numbers: NumberFormat;
  /** Why it has no meaning here; absent: it has one. */
  readonly meaningless?: string | undefined;
  /** The earlier value in a sentence. */
  readonly was?: ((before: string) => string) | undefined;
  readonly spark?: ReactNode;
  readonly pressed: boolean;
  readonly onClick?: () => void;
}

/** A metric of the range, with its change. Of what it is given alone, so that it can be drawn before there is a page. */
export function MetricCard({ metric, totals, earlier, period, numbers, meaningless, was, ...face }: MetricProps) {
  const value = totals && !meaningless ? metric.of(totals) : null;
  const before = earlier && !meaningless ? metric.of(earlier) : null;
  const words = before === null ? undefined : was?.(numbers.value(before, metric.unit));
  return (
    <CardButton
      {...face}
      title={meaningless ?? [metric.help, words].filter(Boolean).join("\n")}
      value={
        totals && (
          <span title={value === null ? undefined : numbers.value(value, metric.unit)}>
            {isEstimate(metric.id, totals) && "≈ "}
            {numbers.figure(value, metric.unit)}
          </span>
        )
      }
    >
      <ChangeBy numbers={numbers} change={changeOf(value, before)} better={metric.better} title={words} />
      {metric.id === "visitors" && daysBetween(period.start, period.end) > 1 && (
        <span className="card-note">{t("daily sum")}</span>
      )}
    </CardButton>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly title: string;
  /** Absent: it is on its way. */
  readonly value: ReactNode;
  readonly spark?: ReactNode;
  readonly pressed: boolean;
  readonly onClick?: () => void;
  /** What is told of the change. */
  readonly children: ReactNode;
}

/** One number of the head row. */
export function CardButton({ label, title, value, spark, pressed, onClick, children }: ButtonProps) {
  return (
    <button type="button" className="card" aria-pressed={pressed} title={title} onClick={onClick}>
      <span className="card-label">{label}</span>
      {value ? (
        <span className="card-value">{value}</span>
      ) : (
        <span className="card-value placeholder" role="status" aria-label={t("Loading")} />
      )}
      <span className="card-change">{children}</span>
      <span className="card-spark">{spark}</span>
    </button>
  );
}
