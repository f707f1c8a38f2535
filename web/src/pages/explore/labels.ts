import { t } from "../../language/words.ts";
import type { AnalysisName, Measure } from "./spec.ts";

/** The name of each measure in the question, whatever language it is asked in: `sum of amount`. Those that would be alike are numbered. */
export function labelsOf(measures: readonly Measure[]): string[] {
  return numbered(measures.map(labelOf));
}

function labelOf({ analysis, property }: Measure): string {
  if (analysis === "count_unique") return UNIQUE[property] ?? `different ${property}`;
  return NAMED[analysis] ?? `${WORDS[analysis] ?? analysis} of ${property}`;
}

const UNIQUE: Readonly<Record<string, string>> = { $visitor: "people", "$visit.id": "visits", $user: "users" };
const NAMED: Partial<Record<AnalysisName, string>> = { count: "events", extraction: "the events themselves" };
const WORDS: Partial<Record<AnalysisName, string>> = { select_unique: "values", standard_deviation: "deviation" };

/** What each measure is called for the reader, in the order of {@link labelsOf}. */
export function titlesOf(measures: readonly Measure[]): string[] {
  return numbered(measures.map(({ analysis, property }) => TITLES[analysis](property)));
}

/** The heads of the columns of an answer: one for a measure, for percentiles one for each. */
export function columnsOf(measures: readonly Measure[]): string[] {
  const columns = measures.flatMap(({ analysis, property, percentiles }) =>
    analysis === "percentiles"
      ? percentiles.map((each) => t("p{percent} of {property}", { percent: String(each), property }))
      : [TITLES[analysis](property)],
  );
  return numbered(columns);
}

const UNIQUE_TITLES: Readonly<Record<string, string>> = {
  $visitor: t("people"),
  "$visit.id": t("visits"),
  $user: t("users"),
};
const TITLES: Readonly<Record<AnalysisName, (property: string) => string>> = {
  count: () => t("events"),
  count_unique: (property) => UNIQUE_TITLES[property] ?? t("different {property}", { property }),
  sum: (property) => t("sum of {property}", { property }),
  average: (property) => t("average of {property}", { property }),
  median: (property) => t("median of {property}", { property }),
  minimum: (property) => t("minimum of {property}", { property }),
  maximum: (property) => t("maximum of {property}", { property }),
  percentiles: (property) => t("percentiles of {property}", { property }),
  standard_deviation: (property) => t("deviation of {property}", { property }),
  select_unique: (property) => t("values of {property}", { property }),
  extraction: () => t("the events themselves"),
};

function numbered(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} (${times})`;
  });
}
