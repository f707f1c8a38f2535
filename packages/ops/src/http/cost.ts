import { keyOf, type DocumentedRoute, type Route } from "@millrace/access";
import { isoUtc, MillraceError } from "@millrace/core";
import * as z from "zod";
import { costReport, type StageShape } from "../cost/measured.ts";
import { measureTraffic, type MeasureParts } from "../cost/measure.ts";
import { PRICES, PRICES_AS_OF, type NodeType } from "../cost/prices.ts";

export interface CostDeps extends MeasureParts {
  readonly admit: (key: string | undefined) => Promise<unknown>;
}

const NODE_TYPES = Object.keys(PRICES.openSearch.nodeHour) as [NodeType, ...NodeType[]];
const amount = (otherwise: number) => z.coerce.number().min(0).max(1e6).default(otherwise);
const flag = (otherwise: "true" | "false") => z.enum(["true", "false"]).default(otherwise);

/** A stage of the smallest size, unless the question is about another. */
const PARAMETERS = z.strictObject({
  instance: z.enum(NODE_TYPES).default("t3.small"),
  nodes: amount(1),
  disk_gb: amount(10),
  window: amount(1),
  kept: amount(10),
  alarms: amount(36),
  firewall: flag("false"),
  archive: flag("false"),
  api_key: z.string().optional(),
});

/** What stands in the OpenAPI document of it. */
export const COST_ROUTE = {
  method: "GET",
  class: "query",
  path: "/ops/cost",
  summary:
    "What this month's traffic costs on AWS, until now and by its end, by part and by project, beside Keen's list, and what would change it. For operators.",
  operation: {
    query: z.toJSONSchema(PARAMETERS.omit({ api_key: true }), { io: "input" }).properties as Record<string, object>,
    answers: {
      200: {
        description: "US dollars at list price.",
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["from", "to", "month", "so_far", "parts", "projects", "keen", "levers"],
            },
          },
        },
      },
    },
  },
} as const satisfies DocumentedRoute;

/** What a stage that an operator asks about costs, with the traffic that was measured here. */
export function costRoute({ admit, ...parts }: CostDeps): Route {
  return {
    ...COST_ROUTE,
    handler: async (c) => {
      c.header("Cache-Control", "no-store");
      await admit(keyOf(c));
      const traffic = await measureTraffic(parts);
      const { lines, projects, levers, ...sums } = costReport(traffic, shapeOf(c.req.query()));
      return c.json({
        from: isoUtc(traffic.from),
        to: isoUtc(traffic.to),
        prices_as_of: PRICES_AS_OF,
        measured: { requests: traffic.requests, queries: traffic.queries },
        so_far: sums.soFar,
        month: sums.month,
        events: sums.events,
        keen: sums.keen,
        parts: lines.map(({ what, soFar, month }) => ({ what, so_far: soFar, month })),
        projects: projects.map(({ soFar, ...project }) => ({ ...project, so_far: soFar })),
        levers,
      });
    },
  };
}

/** @throws MillraceError `InvalidParameterError` naming what is wrong */
function shapeOf(raw: Readonly<Record<string, string>>): StageShape {
  const read = PARAMETERS.safeParse(raw);
  if (!read.success) {
    const issue = read.error.issues[0];
    const name = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
    throw new MillraceError(
      "InvalidParameterError",
      `${(name ?? "A parameter").slice(0, 80)}: ${issue?.message ?? "is not valid"}.`,
    );
  }
  const {
    instance,
    nodes,
    disk_gb: diskGb,
    window: windowSeconds,
    kept: keptAnswers,
    alarms,
    firewall,
    archive,
  } = read.data;
  return {
    nodes: { type: instance, count: nodes },
    diskGb,
    windowSeconds,
    keptAnswers,
    alarms,
    firewall: firewall === "true",
    archive: archive === "true",
  };
}
