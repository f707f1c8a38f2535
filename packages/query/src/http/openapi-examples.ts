import type { JsonObject } from "@millrace/core";
import type { Analysis } from "../parse/analyses.ts";

/** Questions as somebody would ask them, by analysis. */
export const EXAMPLES: Record<Analysis, JsonObject> = {
  count: { event_collection: "purchases", timeframe: "this_7_days", interval: "daily", compare_to: "previous_period" },
  count_unique: { event_collection: ["pageviews", "signups"], target_property: "$visitor", timeframe: "today" },
  sum: {
    event_collection: "purchases",
    target_property: "price",
    timeframe: "this_month",
    timezone: "Europe/Paris",
    group_by: "$visit.source",
    order_by: { property_name: "result", direction: "DESC" },
    limit: 10,
    other: "Other",
  },
  average: {
    event_collection: "purchases",
    target_property: "price",
    group_by: [
      "country",
      { property_name: "price", alias: "tier", ranges: [{ to: 10, alias: "small" }, { from: 10 }] },
    ],
  },
  minimum: { event_collection: "purchases", target_property: "price", timeframe: "previous_30_days" },
  maximum: {
    event_collection: "purchases",
    target_property: "price",
    timeframe: { start: "2026-01-01", end: "2026-02-01" },
    compare_to: "previous_year",
  },
  median: {
    event_collection: "purchases",
    target_property: "price",
    group_by: { property_name: "price", buckets: { size: 10 } },
  },
  percentile: { event_collection: "purchases", target_property: "price", percentile: 99.9 },
  percentiles: { event_collection: "purchases", target_property: "price", percentiles: [50, 90, 99] },
  standard_deviation: { event_collection: "purchases", target_property: "price" },
  select_unique: {
    event_collection: "purchases",
    target_property: "country",
    filters: [
      {
        property_name: "keen.location.coordinates",
        operator: "within",
        property_value: { coordinates: [2.35, 48.86], max_distance_miles: 50 },
      },
    ],
  },
  multi_analysis: {
    event_collection: "purchases",
    timeframe: "this_14_days",
    analyses: {
      orders: { analysis_type: "count" },
      buyers: { analysis_type: "count_unique", target_property: "$user" },
    },
    include_metadata: true,
  },
  extraction: {
    event_collection: "purchases",
    timeframe: "today",
    property_names: ["keen.timestamp", "price"],
    content_type: "text/csv",
  },
  funnel: {
    timeframe: "this_14_days",
    steps: [
      { event_collection: "signups", actor_property: "$user" },
      { event_collection: "invitations", actor_property: "$user", optional: true },
      {
        event_collection: "purchases",
        actor_property: "$user",
        filters: [{ property_name: "price", operator: "gt", property_value: 0 }],
        with_actors: true,
      },
    ],
  },
  retention: {
    actor_property: "$user",
    timeframe: "previous_8_weeks",
    timezone: "Europe/Berlin",
    interval: "weekly",
    first: { event_collection: "signups" },
    returning: { event_collection: ["pageviews", "purchases"] },
  },
  paths: {
    event_collection: "pageviews",
    timeframe: "this_7_days",
    step_property: "$page.path",
    anchor: "/pricing",
    direction: "next",
    depth: 3,
    values: 10,
    bots: "exclude",
  },
};
