import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { Sparkline } from "../charts/sparkline.tsx";
import { t } from "../language/words.ts";
import { seriesOf, totalsOf } from "../questions/totals.ts";
import { periodText } from "../format/date.ts";
import {
  changeOf,
  metricLabel,
  metricOf,
  metricsFor,
  notDefined,
  notDrawn,
  type Metric,
  type MetricId,
  type Totals,
} from "../state/metrics.ts";
import { cardsShown, isGoalCard, useKeptCards } from "../state/kept-cards.ts";
import { usePage } from "../state/page.tsx";
import { daysBetween } from "../state/wall.ts";
import { isBeside, useAnsweredAt } from "./answered.ts";
import { Change } from "./change.tsx";
import { PanelFailure } from "./states.tsx";
import { useBeginning } from "./use-beginning.ts";
import { useFailure } from "./use-failure.ts";
import "./cards.css";

const GoalCard = lazy(() => import("./goal-card.tsx"));

/**
 * The metrics of the range, each with its change and its shape. A card is a button: it chooses what the chart draws.
 * @param own whether whoever looks may have chosen which. Not in embeds: what they show is their maker's choice
 */
export function Cards({ own = false }: { readonly own?: boolean }) {
  const { access, ask, comparison, by, metric: drawn } = usePage();
  const kept = useKeptCards({ project: access.id, about: ask.about });
  const totals = useQuery(totalsOf(ask));
  const earlier = useQuery({
    ...totalsOf({ ...ask, period: comparison?.fair ?? ask.period }),
    enabled: comparison !== undefined,
  });
  const incomplete = useBeginning() !== undefined;
  const series = useQuery(seriesOf(ask, by));
  const answeredAt = useAnsweredAt(series);
  const failure = useFailure(totals);
  if (failure) return <PanelFailure error={failure} onRetry={() => void totals.refetch()} />;
  const before = comparison && !incomplete && isBeside(earlier, totals) ? earlier.data : undefined;
  // Buckets that have not ended are left out: a line that falls to the floor at its end would be a lie.
  const points = series.data?.filter((point) => point.end <= answeredAt).map((point) => point.totals);
  return (
    <div className={`cards ${totals.isPlaceholderData ? "stale" : ""}`} role="group" aria-label={t("Metrics")}>
      {cardsShown(metricsFor(ask, totals.data), own ? kept : undefined).map((id) =>
        isGoalCard(id) ? (
          <Suspense key={id}>
            <GoalCard id={id} totals={totals.data} earlier={before} />
          </Suspense>
        ) : (
          <Card
            key={id}
            metric={metricOf(id)}
            totals={totals.data}
            earlier={before}
            points={points}
            pressed={drawn.id === id}
          />
        ),
      )}
    </div>
  );
}

interface CardProps {
  readonly metric: Metric & { readonly id: MetricId };
  readonly totals: Totals | undefined;
  readonly earlier: Totals | undefined;
  readonly points: readonly Totals[] | undefined;
  readonly pressed: boolean;
}

function Card({ metric, totals, earlier, points, pressed }: CardProps) {
  const { ask, numbers, update, search, comparison, period, locale } = usePage();
  const undefinedWhy = notDefined(metric.id, search.filters);
  const value = totals && !undefinedWhy ? metric.of(totals) : null;
  const before = earlier && !undefinedWhy ? metric.of(earlier) : null;
  const was =
    before !== null && comparison
      ? t("{before} in {period}", {
          before: numbers.value(before, metric.unit),
          period: periodText(locale, comparison.fair),
        })
      : undefined;
  return (
    <CardButton
      label={metricLabel(metric, ask.number)}
      pressed={pressed}
      title={undefinedWhy ?? [metric.help, was].filter(Boolean).join("\n")}
      value={
        totals && (
          <span title={value === null ? undefined : numbers.value(value, metric.unit)}>
            {metric.id === "visitors" && !totals.exact && "≈ "}
            {numbers.figure(value, metric.unit)}
          </span>
        )
      }
      spark={points && !notDrawn(metric.id, search.filters) && <Sparkline values={points.map((p) => metric.of(p))} />}
      onClick={() => update({ metric: metric.id })}
    >
      <Change change={changeOf(value, before)} better={metric.better} title={was} />
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
  readonly onClick: () => void;
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
