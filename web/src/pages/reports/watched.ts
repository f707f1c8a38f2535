import type { JsonObject } from "@millrace/core";
import type { AskedQuestion } from "../../asking/question.ts";
import { t } from "../../language/words.ts";
import { base, cannotBeWeb, ENGAGEMENT, VIEWS, type Ask } from "../../questions/ask.ts";
import { visitsOf } from "../../questions/visits.ts";
import { metricLabel, metricOf, type MetricId } from "../../state/metrics.ts";
import type { WatchedNumber } from "./watch-dialog.tsx";

/** A card's number as the question that a watch asks of each hour or day; undefined for a rate, which is no single question. */
export function watchedMetric(ask: Ask, id: MetricId): WatchedNumber | undefined {
  const query = queryOf(ask, id);
  if (!query) return undefined;
  const { filters: page, bots } = base(ask);
  const filters = [...page, ...(query.filters ?? [])];
  return { label: metricLabel(metricOf(id), ask.number), query: plain({ bots, ...query, filters }) };
}

interface Query {
  readonly analysis_type: string;
  readonly filters?: readonly object[];
}

function queryOf(ask: Ask, id: MetricId): Query | undefined {
  const { collections, number } = ask;
  switch (id) {
    case "visitors": {
      const event_collection = cannotBeWeb(ask) ? collections : VIEWS;
      return query({ analysis_type: "count_unique", target_property: "$visitor", event_collection });
    }
    case "views":
      return query({ analysis_type: "count", event_collection: VIEWS });
    case "visits":
      return query({ ...visitsOf(ask), event_collection: collections, time_property: "$visit.start" });
    case "events": {
      const event_collection = collections.filter((name) => name !== ENGAGEMENT);
      return query({ analysis_type: "count", event_collection });
    }
    case "sum":
    case "average":
      if (number === undefined) return undefined;
      return query({ analysis_type: id, target_property: number, event_collection: collections });
    case "depth":
    case "bounce":
    case "duration":
    case "each":
      return undefined;
  }
}

function query<T extends Query>(asked: T & Readonly<Record<string, unknown>>): Query {
  return asked;
}

const ONE_NUMBER = ["count", "count_unique", "sum", "average", "minimum", "maximum", "median", "percentile"];

/** A question as a watch asks it: of its own time and its own comparison, and without what is about the answer. Undefined where the answer is more than one number. */
export function watchedQuestion(question: AskedQuestion): WatchedNumber | undefined {
  const {
    timeframe: _time,
    timezone: _zone,
    include_metadata: _meta,
    compare_to: _compared,
    ...asked
  } = plain(question);
  const isOne = ["interval", "group_by"].every((name) => asked[name] === undefined);
  if (!isOne || !ONE_NUMBER.includes(question.analysis_type)) return undefined;
  return { label: t("The answer of this question"), query: asked };
}

/** As it is sent. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
