import { scopeOf, type Grant } from "@millrace/access";
import {
  COLLECTION_QUOTA,
  LIMITS_QUERY,
  MillraceError,
  planExtraction,
  scopeQuery,
  shapeExtraction,
  zoneId,
  type CatalogueView,
  type ExtractionQuery,
  type Json,
  type JsonObject,
  type MetricQuery,
  type PlanContext,
  type Query,
  type Scoped,
} from "@millrace/core";
import { check } from "../parse/check.ts";
import type { QueryParts } from "../deps.ts";
import type { Engine } from "../share/engine.ts";
import { effortOf } from "./effort.ts";
import { notesOnIncomplete, notesOnUnknown } from "./notes.ts";
import { runMetric } from "./run-metric.ts";
import { parseQuery } from "../parse/parse-query.ts";
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

/** What an answer is made of, before metadata. */
export interface Outcome {
  readonly result: Json;
  /** The same question about another time, where that was asked for. */
  readonly comparison?: JsonObject;
  readonly exact: boolean;
  readonly notes: readonly string[];
  readonly ageMs: number;
}

/**
 * One question answered: parse, scope, plan, run, shape. The answer is Keen's `{ result }`; `meta` is added when it is asked
 * for or when there is something to say about the result, `execution_metadata` when it is asked for. It never holds the query
 * (Keen's client would keep it instead of its own) nor an `error_code` (its Node client would take the answer for an error).
 * @throws MillraceError
 */
export async function runQuery(deps: QueryParts, request: QueryRequest): Promise<JsonObject> {
  const startedAt = performance.now();
  const { raw, grant, engine, now } = request;
  const query = parseQuery(request.analysis, raw);
  const wantsMetadata =
    raw["include_metadata"] !== undefined && check(WIRE.include_metadata, raw["include_metadata"], "include_metadata");

  const { project } = grant;
  const scope = scopeOf(grant);
  const scoped = scopeQuery(query, scope);
  const view = await deps.catalogue.view(project.id, query.collections);
  const unknown = unknownCollections(query, view);
  const context: PlanContext = { now, properties: view };
  const outcome = isMetric(scoped)
    ? await runMetric(engine, scoped, context, project.timezone)
    : await runExtraction(engine, scoped, context);

  const notes = [...outcome.notes, ...notesOnUnknown(unknown)];
  const says = wantsMetadata || !outcome.exact || notes.length > 0 || outcome.ageMs > 0;
  const { exact, ageMs } = outcome;
  return {
    result: outcome.result,
    ...(outcome.comparison && { comparison: outcome.comparison }),
    ...(says && {
      meta: {
        exact,
        notes,
        timezone: zoneId(query.zone),
        ...((wantsMetadata || ageMs > 0) && { age: ageMs / 1000 }),
        ...(wantsMetadata && usageOf(engine)),
      },
    }),
    ...(wantsMetadata && {
      execution_metadata: {
        total_processing_time: (performance.now() - startedAt) / 1000,
        ...(await effortOf(engine, query, scope, context)),
      },
    }),
  };
}

/** What the answer has cost of the engine, and what is left of the project's share. Milliseconds. */
function usageOf(engine: Engine): JsonObject {
  const { engineMs, budget } = engine.usage();
  return {
    engine_ms: Math.round(engineMs),
    ...(budget && { budget: { per_minute_ms: budget.perMinuteMs, left_ms: Math.round(budget.leftMs) } }),
  };
}

/** `scopeQuery` keeps the kind, which TypeScript cannot see through the brand. */
function isMetric(query: Scoped): query is Scoped<MetricQuery> {
  return query.kind === "metric";
}

async function runExtraction(engine: Engine, query: Scoped, context: PlanContext): Promise<Outcome> {
  const extraction = query as Scoped<ExtractionQuery>;
  const plan = planExtraction(extraction, context);
  const { events } = await engine.extract(plan);
  if (extraction.latest === undefined && events.length > plan.limit) {
    throw new MillraceError(
      "TooManyResultsError",
      `More than ${LIMITS_QUERY.extractionEvents} events match. Use a shorter timeframe, filters, or latest.`,
    );
  }
  return {
    result: shapeExtraction(extraction, events.slice(0, plan.limit)),
    exact: plan.incomplete.length === 0,
    notes: notesOnIncomplete(plan, context.now),
    ageMs: 0,
  };
}

/**
 * The asked collections that have had no event.
 * @throws MillraceError `ResourceNotFoundError` when that is all of them (Keen's answer to an unknown collection)
 */
function unknownCollections(query: Query, view: CatalogueView): string[] {
  // A full list does not name every collection there is.
  if (view.collections.length >= COLLECTION_QUOTA) return [];
  const known = new Set(view.collections.map((collection) => collection.name));
  const unknown = query.collections.filter((name) => !known.has(name));
  if (unknown.length < query.collections.length) return unknown;
  throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such event collection.");
}
