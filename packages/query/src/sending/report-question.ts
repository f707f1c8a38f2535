import type { Grant } from "@millrace/access";
import type { CatalogueView, JsonObject, TimeRange } from "@millrace/core";
import type { ReportPeriod } from "@millrace/ops";

/** Rows of each list. */
const ROWS = 8;
const VIEWS = "pageviews";
const ENGAGEMENT = "engagement";

/** What a report asks: figures of both periods, and lists of the newer one. */
export interface ReportQuestion {
  /** About web pages; else about events of whatever kind. */
  readonly isWeb: boolean;
  readonly queries: JsonObject;
}

/**
 * The questions of a report, as one batch: those of the dashboard's first page, with the same meaning of a visitor and a visit. Undefined
 * where nothing was ever recorded. What an embed token does not show is not asked for.
 */
export function reportQuestion(grant: Grant, view: CatalogueView, period: ReportPeriod): ReportQuestion | undefined {
  const { embed } = grant;
  const there = view.collections.map(({ name }) => name);
  const collections = embed ? embed.collections.filter((name) => there.includes(name)) : there;
  if (collections.length === 0) return undefined;
  const shows = (panel: "metrics" | "pages" | "sources" | "places" | "events") =>
    !embed || embed.panels.includes(panel);
  const isWeb = collections.includes(VIEWS);
  const list = (parameters: JsonObject): JsonObject => ({
    ...within(period),
    bots: "exclude",
    order_by: [{ property_name: "result", direction: "DESC" }],
    limit: ROWS,
    ...parameters,
  });
  const visitorsBy = (property: string) =>
    list({
      analysis_type: "count_unique",
      target_property: "$visitor",
      event_collection: VIEWS,
      group_by: [property],
    });
  const queries: JsonObject = {
    ...(shows("metrics") && {
      now: sums(collections, period),
      before: sums(collections, period.before),
      ...(isWeb && { visits: visits(collections, period), visitsBefore: visits(collections, period.before) }),
    }),
    ...(isWeb && shows("pages") && { pages: visitorsBy("$page.path") }),
    ...(isWeb &&
      shows("sources") && {
        sources: { ...list({ ...visits(collections, period), group_by: ["$visit.source"] }) },
      }),
    ...(isWeb && shows("places") && { countries: visitorsBy("$geo.country") }),
    ...((!isWeb || (embed && shows("events"))) && {
      events: list({ analysis_type: "count", event_collection: [...collections], group_by: ["$collection"] }),
    }),
  };
  return Object.keys(queries).length === 0 ? undefined : { isWeb, queries };
}

function within({ start, end }: TimeRange): JsonObject {
  return { timeframe: { start: new Date(start).toISOString(), end: new Date(end).toISOString() } };
}

function is(property_name: string, property_value: string | number, operator = "eq"): JsonObject {
  return { property_name, operator, property_value };
}

function sums(collections: readonly string[], range: TimeRange): JsonObject {
  return {
    ...within(range),
    analysis_type: "multi_analysis",
    event_collection: [...collections],
    bots: "exclude",
    analyses: {
      visitors: { analysis_type: "count_unique", target_property: "$visitor", filters: [is("$collection", VIEWS)] },
      views: { analysis_type: "count", filters: [is("$collection", VIEWS)] },
      events: { analysis_type: "count", filters: [is("$collection", ENGAGEMENT, "ne")] },
    },
  };
}

/** Those that began in the period: each has one first page. */
function visits(collections: readonly string[], range: TimeRange): JsonObject {
  return {
    ...within(range),
    analysis_type: "count",
    time_property: "$visit.start",
    event_collection: [...collections],
    bots: "exclude",
    filters: [is("$collection", VIEWS), is("$visit.page", 1)],
  };
}
