import { demandPermission, scopeOf, type Grant, type Permission } from "@millrace/access";
import { asMillraceError, isObject, isoUtc, MillraceError, type Json, type JsonObject } from "@millrace/core";
import type { QueryParts } from "../deps.ts";
import { check, quotable } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { BATCH } from "../parse/wire.ts";
import type { Engine } from "../share/engine.ts";
import { findSaved, runSaved } from "../stored/run-saved.ts";
import type { SavedQuery } from "../stored/saved-queries.ts";
import { readLedger } from "./ledger.ts";
import { runQuery } from "./run-query.ts";

/** Most questions of one batch: a page of panels and their comparisons, with room. */
export const MOST_QUERIES = 50;
/** What lets ask a question; what it may be about is looked at when it is read. */
export const ASKS = ["read", "view", "export"] as const satisfies readonly Permission[];
/** Of one batch at the same time, where the store can run several. */
const AT_ONCE = 4;

export interface BatchRequest {
  readonly raw: JsonObject;
  readonly grant: Grant;
  readonly engine: Engine;
  readonly now: number;
  /** Told of every failure of ours in an entry, which the answer's status does not show. */
  readonly report: (error: MillraceError) => void;
}

/**
 * `POST …/queries/batch`: many questions of one project in one request, `{ "queries": { "cards": { "analysis_type": "count", … } } }`.
 * Each is answered as it would be alone, under its label: its answer, or its error with `status`. All are about one instant,
 * `as_of`, and see the same events where the store can promise that, so that panels add up. Equal ones are computed once. A saved
 * query is asked by its name, `{ "saved_query_name": … }`.
 * `max_age` (seconds) lets the whole answer be one that somebody else got that long ago at most; `as_of` then says of when.
 * @throws MillraceError for the batch itself, and when the project's share let none of its questions through
 */
export async function runBatch(deps: QueryParts, request: BatchRequest): Promise<JsonObject> {
  const { raw, grant, engine } = request;
  const queries = await resolveSaved(deps, grant, readQueries(raw));
  const maxAge = raw["max_age"] === undefined ? 0 : check(BATCH.max_age, raw["max_age"], "max_age");
  // What the key may see comes first: two keys with different forced filters, or limits to what they may ask, share nothing.
  // Saved queries are there by what they ask: one that was changed is another question under the same name.
  const key = JSON.stringify(["batch", scopeOf(grant), limitsOf(grant), grant.project.timezone, queries]);
  const { value, ageMs } = await engine.shared(key, maxAge * 1000, () => answerAll(deps, request, queries));
  return { ...value, age: ageMs / 1000 };
}

function limitsOf({ embed, may }: Grant): Json {
  return embed ? [[...may], [...embed.collections], [...embed.properties]] : null;
}

async function answerAll(deps: QueryParts, request: BatchRequest, queries: readonly Resolved[]): Promise<JsonObject> {
  const { engine } = request;
  const [questions, ledgers] = [queries.filter((query) => !isLedger(query)), queries.filter(isLedger)];
  const answered = await engine.atOnce(() => outcomesOf(deps, request, questions));
  // Apart: a ledger takes a turn of its own, and who waits for one while holding another could wait for itself.
  const accounts = await outcomesOf(deps, request, ledgers);
  const outcomes = new Map([...answered, ...accounts]);
  refuseWhole([...outcomes.values()]);
  const result = queries.map(({ label }) => [label, outcomes.get(label)?.body ?? null] as const);
  // That of the answer, not of who gets it later: a page that was told a newer one would never ask again.
  // With an embed token none is told: it moves with what other customers do.
  const version = request.grant.embed ? undefined : (await engine.version())?.value;
  return {
    as_of: isoUtc(request.now),
    result: Object.fromEntries(result),
    ...(version !== undefined && { version }),
  };
}

function isLedger({ asked }: Pick<Resolved, "asked">): boolean {
  return isObject(asked) && asked["ledger"] !== undefined;
}

async function outcomesOf(
  deps: QueryParts,
  request: BatchRequest,
  queries: readonly Resolved[],
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = queries.values();
  const work = async (): Promise<void> => {
    for (const query of waiting) outcomes.set(query.label, await outcomeOf(deps, request, query));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

interface Outcome {
  readonly body: JsonObject;
  readonly error?: MillraceError;
}

async function outcomeOf(deps: QueryParts, request: BatchRequest, query: Resolved): Promise<Outcome> {
  if (query.refused) return refused(query.refused);
  try {
    return { body: await answerOne(deps, request, query) };
  } catch (thrown) {
    if (request.engine.over) throw thrown;
    const error = asMillraceError(thrown);
    if (error.status >= 500) request.report(error);
    return refused(error);
  }
}

function refused(error: MillraceError): Outcome {
  return { body: { status: error.status, ...error.toBody() }, error };
}

async function answerOne(deps: QueryParts, request: BatchRequest, query: Resolved): Promise<JsonObject> {
  const { grant, engine, now } = request;
  const { label, asked: entry, saved } = query;
  if (saved) return runSaved(deps, { saved: saved.query, grant: saved.grant, engine, now });
  const path = pathOf(label);
  if (!isObject(entry)) throw new MillraceError("InvalidParameterError", `${path} must be an object.`);
  if (entry["ledger"] !== undefined) {
    refuseUnknown(entry, { known: ["ledger"], of: path });
    if (!isObject(entry["ledger"]))
      throw new MillraceError("InvalidParameterError", `${path}.ledger must be an object.`);
    return readLedger(deps, { raw: entry["ledger"], grant, engine, now });
  }
  const { analysis_type: analysis, ...raw } = entry;
  if (raw["content_type"] !== undefined && raw["content_type"] !== "application/json") {
    throw new MillraceError("InvalidParameterError", `${path}.content_type: a batch is JSON. Ask for a file alone.`);
  }
  return runQuery(deps, {
    analysis: check(BATCH.analysis_type, analysis, `${path}.analysis_type`),
    raw,
    grant,
    engine,
    now,
  });
}

/** An entry with what decides its answer. */
interface Resolved {
  readonly label: string;
  readonly asked: Json;
  /** What its name stands for, where it is a saved query's, and under what it is answered. */
  readonly saved?: { readonly query: SavedQuery; readonly grant: Grant };
  /** Where there is no such thing for this key: the others are answered all the same. */
  readonly refused?: MillraceError;
}

function resolveSaved(deps: QueryParts, grant: Grant, queries: readonly Labelled[]): Promise<Resolved[]> {
  return Promise.all(
    queries.map(async ([label, asked]): Promise<Resolved> => {
      try {
        if (!isObject(asked) || asked["saved_query_name"] === undefined) {
          demandPermission(grant, ...(isLedger({ asked }) ? (["read"] as const) : ASKS));
          return { label, asked };
        }
        const path = pathOf(label);
        refuseUnknown(asked, { known: ["saved_query_name"], of: path });
        const name = check(BATCH.saved_query_name, asked["saved_query_name"], `${path}.saved_query_name`);
        const { saved: query, grant: narrowed } = await findSaved(deps, grant, name);
        return { label, asked, saved: { query, grant: narrowed } };
      } catch (thrown) {
        const error = asMillraceError(thrown);
        if (error.status >= 500) throw thrown;
        return { label, asked, refused: error };
      }
    }),
  );
}

function pathOf(label: string): string {
  return `queries.${quotable(label)}`;
}

/** A project beyond its share gets the 429 that it would get for a single question: its status is what clients back off for. */
function refuseWhole(outcomes: readonly Outcome[]): void {
  const [first] = outcomes;
  if (first?.error?.code !== "RateLimitExceeded") return;
  if (outcomes.every(({ error }) => error?.code === "RateLimitExceeded")) throw first.error;
}

type Labelled = readonly [label: string, entry: Json];

function readQueries(raw: JsonObject): Labelled[] {
  refuseUnknown(raw, { known: ["queries", "max_age"], of: "batch" });
  check(BATCH.queries, raw["queries"], "queries");
  const entries = Object.entries(isObject(raw["queries"]) ? raw["queries"] : {});
  if (entries.length === 0) throw new MillraceError("InvalidParameterError", "queries must have at least one entry.");
  if (entries.length <= MOST_QUERIES) return entries.map(([label, entry]) => [label, withoutEmpty(entry)]);
  throw new MillraceError(
    "InvalidParameterError",
    `queries has ${entries.length} entries; the most is ${MOST_QUERIES}.`,
  );
}

/** As in a request of its own: null and "" count as absent. */
function withoutEmpty(entry: Json): Json {
  if (!isObject(entry)) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null && value !== ""));
}
