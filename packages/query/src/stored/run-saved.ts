import { grantForSaved, type Grant } from "@millrace/access";
import { asMillraceError, MillraceError, type JsonObject } from "@millrace/core";
import type { QueryParts } from "../deps.ts";
import { runQuery } from "../answer/run-query.ts";
import type { Engine } from "../share/engine.ts";
import { answerKept } from "./kept/answer-kept.ts";
import { savedQuestion } from "./kept/kept-question.ts";
import type { SavedQuery } from "./saved-queries.ts";

export interface SavedRequest {
  readonly saved: SavedQuery;
  readonly grant: Grant;
  readonly engine: Engine;
  readonly now: number;
  readonly includeMetadata?: boolean;
  /** Of one that is cached, milliseconds: what this caller takes, where that is less than its refresh rate. */
  readonly maxAgeMs?: number;
}

/**
 * A saved query answered as it would be live, under what the caller's key may see. One with a refresh rate has a kept answer, unless
 * metadata is asked for: that is about a computation.
 * @throws MillraceError as {@link runQuery}; one of a definition that can no longer be answered names the saved query
 */
export async function runSaved(
  deps: QueryParts,
  { saved, includeMetadata, maxAgeMs, ...request }: SavedRequest,
): Promise<JsonObject> {
  const live = saved.refreshRate === 0 || includeMetadata || saved.parameters["include_metadata"] !== undefined;
  try {
    if (!live) {
      const limit = maxAgeMs === undefined ? {} : { maxAgeMs };
      return await answerKept(deps, { question: savedQuestion(saved), ...limit, ...request });
    }
    const raw = { ...saved.parameters, ...(includeMetadata && { include_metadata: true }) };
    return await runQuery(deps, { analysis: saved.analysis, raw, ...request });
  } catch (thrown) {
    throw ofSaved(saved.name, thrown);
  }
}

/** An error that says whose fault it is: the request named a saved query and could not have been wrong itself. */
function ofSaved(name: string, thrown: unknown): unknown {
  const error = asMillraceError(thrown);
  if (error.status !== 400 && error.status !== 404) return thrown;
  const { code, message, context } = error;
  return new MillraceError(code, `The saved query "${name}": ${message}`, { cause: thrown, context });
}

/**
 * A saved query by its name, and the grant under which this caller gets its answer. Whether one that may not be used is there makes
 * no difference to what is said.
 * @throws MillraceError `InvalidApiKeyError`, `ResourceNotFoundError`
 */
export async function findSaved(
  { stored }: Pick<QueryParts, "stored">,
  caller: Grant,
  name: string,
): Promise<{ readonly saved: SavedQuery; readonly grant: Grant }> {
  const saved = await stored.saved.get(caller.project.id, name);
  const cached = saved ? saved.refreshRate > 0 : !caller.may.has("saved_queries");
  const grant = grantForSaved(caller, name, cached);
  return { saved: found(saved, "saved query"), grant };
}

/** @returns the saved query. @throws MillraceError `ResourceNotFoundError` */
export function found<T>(what: T | undefined, kind: "saved query" | "dataset" | "definition" | "report" | "watch"): T {
  if (what !== undefined) return what;
  throw new MillraceError("ResourceNotFoundError", `Resource not found. There is no such ${kind}.`);
}
