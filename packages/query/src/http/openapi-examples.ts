import type { JsonObject } from "@millrace/core";
import type { Analysis } from "../parse/analyses.ts";

/** Questions as somebody would ask them, by analysis. */
export const EXAMPLES: Partial<Record<Analysis, JsonObject>> = {
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
};
