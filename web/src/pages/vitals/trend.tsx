import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { bucketFormat } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { useAnsweredAt } from "../../panels/answered.ts";
import { Asked } from "../../panels/asked.tsx";
import { vitalSeries } from "../../questions/vitals.ts";
import { usePage } from "../../state/page.tsx";
import { vitalText, type Vital } from "../../state/vitals.ts";

const SeriesChart = lazy(() => import("../../charts/series-chart.tsx"));

/** The 75th percentile of a vital over time. */
export function VitalTrend({ vital }: { readonly vital: Vital }) {
  const { ask, access, by, locale, numbers } = usePage();
  const series = useQuery(vitalSeries(ask, vital, by));
  const answeredAt = useAnsweredAt(series);
  return (
    <Asked query={series} rows={4}>
      {(buckets) => (
        <Suspense fallback={<div className="vital-chart" />}>
          <SeriesChart
            buckets={buckets}
            series={[
              {
                name: t("75th percentile of {vital}", { vital: vital.label }),
                values: buckets.map(({ value }) => value),
              },
            ]}
            left={0}
            format={bucketFormat(locale, access.timezone, by, true)}
            numbers={numbers}
            nowMs={answeredAt}
            text={(value) => vitalText(vital, value, locale)}
          />
        </Suspense>
      )}
    </Asked>
  );
}
