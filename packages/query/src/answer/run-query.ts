import { scopeOf, type Grant } from "@millrace/access";
import {
  COLLECTION_QUOTA,
  collectionsNamed,
  eventSetsOf,
  LIMITS_QUERY,
  MillraceError,
  parseZone,
  planExtraction,
  scopeQuery,
  shapeExtraction,
  UTC,
  zoneId,
  type CatalogueView,
  type ExtractionQuery,
  type JsonObject,
  type Query,
  type Scoped,
  type Zone,
} from "@millrace/core";
import { check } from "../parse/check.ts";
import type { QueryParts } from "../deps.ts";
import type { Engine } from "../share/engine.ts";
import { runFunnel } from "./actors/run-funnel.ts";
import { runOrderedFunnel } from "./actors/run-ordered-funnel.ts";
import { runPaths } from "./actors/run-paths.ts";
import { runRetention } from "./actors/run-retention.ts";
import { effortOf } from "./effort.ts";
import { notesOnIncomplete, notesOnUnknown } from "./notes.ts";
import type { Asked } from "./asked.ts";
import type { Answered, Outcome } from "./outcome.ts";
import { runMetric } from "./run-metric.ts";
import { understoodOf } from "./understood.ts";
import { parseQuery } from "../parse/parse-query.ts";
import { demandWithin } from "../embeds/demand-within.ts";
import { WIRE } from "../parse/wire.ts";

export interface QueryRequest {
  /** The last part of the path, such as `count`. */
  readonly analysis: string;
  readonly raw: JsonObject;
  readonly grant: Grant;
  readonly engine: Engine;
  /** The instant that the question is about, milliseconds UTC: relative timeframes end there. */
  readonly now: number;
}

/**
 * One question answered: parse, scope, plan, run, shape. The answer is Keen's `{ result }`; `meta` is added when it is asked
 * for or when there is something to say about the result, `execution_metadata` when it is asked for. It never holds the query
 * (Keen's client would keep it instead of its own) nor an `error_code` (its Node client would take the answer for an error).
 * @throws MillraceError
 */
export async function runQuery(deps: QueryParts, request: QueryRequest): Promise<JsonObject> {
  const startedAt = performance.now();
  const { raw, engine, grant } = request;
  const wantsMetadata =
    raw["include_metadata"] !== undefined && check(WIRE.include_metadata, raw["include_metadata"], "include_metadata");
  const found = await answerOf(deps, request);
  if (!wantsMetadata) return present(answered(found));
  const { query, scope, context } = found;
  const effort = await effortOf(engine, query, scope, context);
  const understood = understoodOf(request.analysis, query, context.now);
  const more = {
    ...(understood && { query: understood }),
    events: effort.events_scanned,
    ...(!grant.embed && usageOf(engine)),
  };
  return {
    ...present(answered(found), more),
    execution_metadata: { total_processing_time: (performance.now() - startedAt) / 1000, ...effort },
  };
}

export function answered({ outcome, zone }: { readonly outcome: Outcome; readonly zone: Zone }): Answered {
  return { ...outcome, timezone: zoneId(zone) };
}

/** @param more what `meta` says beside, to who asked for it */
export function present(
  { result, beside, comparison, exact, notes, timezone, ageMs }: Answered,
  more?: JsonObject,
): JsonObject {
  const says = more !== undefined || !exact || notes.length > 0 || ageMs > 0;
  return {
    result,
    ...beside,
    ...(comparison && { comparison }),
    ...(says && {
      meta: {
        exact,
        notes: [...notes],
        timezone,
        ...((more !== undefined || ageMs > 0) && { age: ageMs / 1000 }),
        ...more,
      },
    }),
  };
}

/** Parses, scopes, plans, runs and shapes; what an answer is made of. @throws MillraceError */
export async function answerOf(
  deps: Pick<QueryParts, "catalogue">,
  { analysis, raw, grant, engine, now }: QueryRequest,
) {
  const query = parseQuery(analysis, raw);
  demandWithin(grant, query);
  const { project } = grant;
  const scope = scopeOf(grant);
  const scoped = scopeQuery(query, scope);
  const collections = [...collectionsNamed(query)];
  const view = await deps.catalogue.view(project.id, collections);
  const unknown = unknownCollections(collections, view);
  const asked: Asked = { engine, raw, context: { now, properties: view }, projectZone: parseZone(project.timezone) };
  const found = await RUN[query.kind](asked, scoped as never);
  const outcome: Outcome = { ...found, notes: [...found.notes, ...notesOnUnknown(unknown)] };
  return { query, scope, zone: eventSetsOf(query)[0]?.zone ?? UTC, context: asked.context, outcome };
}

/**
 * What the answer has cost of the engine, and what is left of the project's share. Milliseconds. Not for embed tokens: the share goes down
 * by what other customers ask.
 */
function usageOf(engine: Engine): JsonObject {
  const { engineMs, budget } = engine.usage();
  return {
    engine_ms: Math.round(engineMs),
    ...(budget && { budget: { per_minute_ms: budget.perMinuteMs, left_ms: Math.round(budget.leftMs) } }),
  };
}

/** How each kind of question is answered, once it is scoped. */
const RUN: {
  readonly [K in Query["kind"]]: (asked: Asked, query: Scoped<Extract<Query, { kind: K }>>) => Promise<Outcome>;
} = {
  metric: runMetric,
  extraction: runExtraction,
  funnel: runFunnel,
  ordered_funnel: runOrderedFunnel,
  retention: runRetention,
  paths: runPaths,
};

async function runExtraction({ engine, context }: Asked, query: Scoped<ExtractionQuery>): Promise<Outcome> {
  const plan = planExtraction(query, context);
  const { events } = await engine.extract(plan);
  if (query.latest === undefined && events.length > plan.limit) {
    throw new MillraceError(
      "TooManyResultsError",
      `More than ${LIMITS_QUERY.extractionEvents} events match. Use a shorter timeframe, filters, or latest.`,
    );
  }
  return {
    result: shapeExtraction(query, events.slice(0, plan.limit)),
    exact: plan.incomplete.length === 0,
    notes: notesOnIncomplete(plan, context.now),
    ageMs: 0,
  };
}

/**
 * The asked collections that have had no event.
 * @throws MillraceError `ResourceNotFoundError` when that is all of them (Keen's answer to an unknown collection)
 */
function unknownCollections(asked: readonly string[], view: CatalogueView): string[] {
  // A full list does not name every collection there is.
  if (view.collections.length >= COLLECTION_QUOTA) return [];
  const known = new Set(view.collections.map((collection) => collection.name));
  const unknown = asked.filter((name) => !known.has(name));
  if (unknown.length < asked.length) return unknown;
  throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such event collection.");
}
