import type { Grant } from "@millrace/access";
import {
  COLLECTION_QUOTA,
  LIMITS_QUERY,
  MillraceError,
  parseZone,
  planExtraction,
  planMetric,
  scopeQuery,
  shapeExtraction,
  shapeMetric,
  zoneId,
  type CatalogueView,
  type ExtractionQuery,
  type Json,
  type JsonObject,
  type MetricQuery,
  type PlanContext,
  type Query,
  type RunOptions,
  type Scoped,
} from "@millrace/core";
import { check } from "../parse/check.ts";
import type { QueryDeps } from "../deps.ts";
import { notesOn, notesOnIncomplete, notesOnUnknown } from "./notes.ts";
import { parseQuery } from "../parse/parse-query.ts";
import { WIRE } from "../parse/wire.ts";

export interface QueryRequest {
  /** The last part of the path, such as `count`. */
  readonly analysis: string;
  readonly raw: JsonObject;
  readonly grant: Grant;
  /** Aborted when the client went away. */
  readonly signal?: AbortSignal;
}

/** What an answer is made of, before metadata. */
interface Outcome {
  readonly result: Json;
  readonly exact: boolean;
  readonly notes: readonly string[];
}

/**
 * One question answered: parse, scope, plan, run, shape. The answer is Keen's `{ result }`; `meta` is added when it is asked
 * for or when there is something to say about the result, `execution_metadata` when it is asked for. It never holds the query
 * (Keen's client would keep it instead of its own) nor an `error_code` (its Node client would take the answer for an error).
 * @throws MillraceError
 */
export async function runQuery(deps: QueryDeps, request: QueryRequest): Promise<JsonObject> {
  const startedAt = deps.clock.now();
  const { raw, grant } = request;
  const query = parseQuery(request.analysis, raw);
  const wantsMetadata =
    raw["include_metadata"] !== undefined && check(WIRE.include_metadata, raw["include_metadata"], "include_metadata");

  const { project, queryFilter } = grant;
  const scoped = scopeQuery(query, { project: project.id, ...(queryFilter && { filter: queryFilter }) });
  const view = await deps.catalogue.view(project.id, query.collections);
  const unknown = unknownCollections(query, view);
  const options: RunOptions = request.signal ? { signal: request.signal } : {};
  const context: PlanContext = { now: startedAt, properties: view };
  const outcome = isMetric(scoped)
    ? await runMetric(deps, scoped, context, project.timezone, options)
    : await runExtraction(deps, scoped, context, options);

  const notes = [...outcome.notes, ...notesOnUnknown(unknown)];
  const says = wantsMetadata || !outcome.exact || notes.length > 0;
  return {
    result: outcome.result,
    ...(says && { meta: { exact: outcome.exact, notes, timezone: zoneId(query.zone) } }),
    ...(wantsMetadata && { execution_metadata: { total_processing_time: (deps.clock.now() - startedAt) / 1000 } }),
  };
}

/** `scopeQuery` keeps the kind, which TypeScript cannot see through the brand. */
function isMetric(query: Scoped): query is Scoped<MetricQuery> {
  return query.kind === "metric";
}

async function runMetric(
  deps: QueryDeps,
  query: Scoped<MetricQuery>,
  context: PlanContext,
  projectZone: string,
  options: RunOptions,
): Promise<Outcome> {
  const plan = planMetric(query, context);
  const result = await deps.source.metric(plan, options);
  return {
    result: shapeMetric(query, plan, result),
    exact: result.exact && plan.incomplete.length === 0,
    notes: [...result.notes, ...notesOn(plan, parseZone(projectZone)), ...notesOnIncomplete(plan, context.now)],
  };
}

async function runExtraction(
  deps: QueryDeps,
  query: Scoped,
  context: PlanContext,
  options: RunOptions,
): Promise<Outcome> {
  const extraction = query as Scoped<ExtractionQuery>;
  const plan = planExtraction(extraction, context);
  const { events } = await deps.source.extract(plan, options);
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
