import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Sparkline } from "../charts/sparkline.tsx";
import { t } from "../language/words.ts";
import { seriesOf, totalsOf } from "../questions/totals.ts";
import { periodText } from "../format/date.ts";
import {
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
import { isBeside, useAnsweredAt } from "./answered.ts";
import { CardRow, MetricCard } from "./card.tsx";
import { PanelFailure } from "./states.tsx";
import { useBeginning } from "./use-beginning.ts";
import { useFailure } from "./use-failure.ts";

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
    <CardRow stale={totals.isPlaceholderData}>
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
    </CardRow>
  );
}

interface CardProps {
  readonly metric: Metric & { readonly id: MetricId };
  readonly totals: Totals | undefined;
  readonly earlier: Totals | undefined;
  readonly points: readonly Totals[] | undefined;
  readonly pressed: boolean;
}

function Card({ metric, points, ...card }: CardProps) {
  const { ask, numbers, update, search, comparison, period, locale } = usePage();
  return (
    <MetricCard
      {...card}
      metric={metric}
      label={metricLabel(metric, ask.number)}
      period={period}
      numbers={numbers}
      meaningless={notDefined(metric.id, search.filters)}
      was={
        comparison && ((before) => t("{before} in {period}", { before, period: periodText(locale, comparison.fair) }))
      }
      spark={points && !notDrawn(metric.id, search.filters) && <Sparkline values={points.map((p) => metric.of(p))} />}
      onClick={() => update({ metric: metric.id })}
    />
  );
}
