import { EVERYTHING, planFunnel, planOrderedFunnel, planPaths, planRetention, scopeQuery, UTC } from "@millrace/core";
import type { EventSet, EventStore, Filter } from "@millrace/core";
import { DAY, DAYS, PROJECT, START } from "../events.ts";

export const RANGE = { start: START, end: START + DAYS * DAY };
export const STEPS = ["/", "/pricing", "/signup"];
export const WINDOW_MS = 2 * DAY;

const context = { now: RANGE.end, properties: { admits: () => true, untyped: () => [] } };
const set: EventSet = {
  collections: ["pageviews"],
  timeframe: { kind: "absolute", ...RANGE },
  zone: UTC,
  filter: EVERYTHING,
  bots: "include",
};
const at = (value: string): Filter<string> => ({ kind: "eq", field: "$page.path", value });
const steps = STEPS.map((path) => ({ ...set, filter: at(path), actor: "$visitor" }));
const plain = { inverted: false, optional: false, withActors: false };
const scope = { project: PROJECT };

const funnel = planFunnel(
  scopeQuery({ kind: "funnel", steps: steps.map((step) => ({ ...step, ...plain })) }, scope),
  context,
);
const ordered = planOrderedFunnel(scopeQuery({ kind: "ordered_funnel", steps, windowMs: WINDOW_MS }, scope), context);
const retention = planRetention(
  scopeQuery(
    { kind: "retention", first: set, returning: set, actor: "$visitor", period: "day", unbounded: false },
    scope,
  ),
  context,
);
const paths = planPaths(
  scopeQuery(
    {
      ...set,
      kind: "paths",
      session: "$visit.id",
      step: "$page.path",
      direction: "next",
      depth: 3,
      top: 10,
      collapse: true,
    },
    scope,
  ),
  context,
);

/** The kinds of questions about actors. */
export const ACTORS = {
  funnel: async (store: EventStore) => (await store.funnel(funnel)).counts.join(" "),
  "funnel in order": async (store: EventStore) => (await store.orderedFunnel(ordered)).total.counts.join(" "),
  retention: async (store: EventStore) => {
    const { cohorts } = await store.retention(retention);
    return cohorts.map(({ size, returned }) => size + returned.reduce((sum, count) => sum + count, 0)).join(" ");
  },
  paths: async (store: EventStore) => {
    const { links } = await store.paths(paths);
    return String(links.reduce((sum, { step, sessions }) => sum + step * sessions, 0));
  },
};
