import type { OpsCost } from "@millrace/client";
import { keyOf, type DocumentedRoute, type Route } from "@millrace/access";
import { isoUtc } from "@millrace/core";
import { costReport } from "../cost/measured.ts";
import { measureTraffic, type MeasureParts } from "../cost/measure.ts";
import { PRICES_AS_OF } from "../cost/prices.ts";
import { readShape, SHAPE_PARAMETERS } from "../cost/shape.ts";

export interface CostDeps extends MeasureParts {
  readonly admit: (key: string | undefined) => Promise<unknown>;
  /** What this installation is, where a question says nothing ({@link readShape}). Default: a stage of the smallest size. */
  readonly ownShape?: string | undefined;
  /** What a month may cost, US dollars; undefined: nobody said. */
  readonly budgetUsd?: number | undefined;
}

/** What stands in the OpenAPI document of it. */
export const COST_ROUTE = {
  method: "GET",
  class: "query",
  path: "/ops/cost",
  summary:
    "What this month's traffic costs on AWS, until now and by its end, by part and by project, beside the plan and Keen's list, and what would change it. For operators.",
  operation: {
    query: SHAPE_PARAMETERS,
    answers: {
      200: {
        description: "US dollars at list price.",
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["from", "to", "month", "so_far", "plan", "parts", "projects", "keen", "levers"],
            },
          },
        },
      },
    },
  },
} as const satisfies DocumentedRoute;

/** What this installation costs, or a stage that an operator asks about, with the traffic that was measured here. */
export function costRoute({ admit, ownShape, budgetUsd, ...parts }: CostDeps): Route {
  return {
    ...COST_ROUTE,
    handler: async (c) => {
      c.header("Cache-Control", "no-store");
      await admit(keyOf(c));
      const { api_key: _key, ...asked } = c.req.query();
      const shape = readShape(asked, ownShape);
      const traffic = await measureTraffic(parts);
      const { lines, projects, levers, ...sums } = costReport(traffic, shape);
      return c.json({
        from: isoUtc(traffic.from),
        to: isoUtc(traffic.to),
        prices_as_of: PRICES_AS_OF,
        measured: { requests: traffic.requests, queries: traffic.queries },
        so_far: sums.soFar,
        month: sums.month,
        plan: budgetUsd ?? null,
        events: sums.events,
        keen: sums.keen,
        parts: lines.map(({ what, soFar, month }) => ({ what, so_far: soFar, month })),
        projects: projects.map(({ soFar, ...project }) => ({ ...project, so_far: soFar })),
        levers,
      } satisfies OpsCost);
    },
  };
}
