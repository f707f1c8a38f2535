import { MillraceError, isObject, type ErrorCode } from "@millrace/core";
import type { Answer } from "./request.ts";

/**
 * What a failed request means. A status alone misleads: "too many buckets" is a 503 although nothing is wrong with the cluster
 * and a retry would fail again, a full disk is a 429 that no waiting helps, and a pattern the engine finds too complex is a 400
 * although the pattern is in our subset. An answer without an error of OpenSearch's comes from something in front of it.
 */
export function failureOf({ status, body }: Answer): MillraceError {
  const types = errorTypes(body);
  const context = { status, types: [...types].slice(0, 10), reason: reasonOf(body) };
  const [code, message] = meaningOf(status, types, body);
  return new MillraceError(code, message, { context });
}

type Meaning = readonly [code: ErrorCode, message: string];

function meaningOf(status: number, types: ReadonlySet<string>, body: unknown): Meaning {
  if (types.has("too_many_buckets_exception")) {
    return ["TooManyResultsError", "The answer has too many cells. Group by fewer properties, or use a filter."];
  }
  if (types.has("too_complex_to_determinize_exception")) {
    return ["UnsupportedQueryError", "A regular expression of this query is too complex for the store."];
  }
  if (types.has("too_many_clauses") || types.has("too_many_nested_clauses")) {
    return [
      "UnsupportedQueryError",
      "The query has too many alternatives. Use fewer filters, or shorter lists of values.",
    ];
  }
  if (types.has("task_cancelled_exception")) return ["QueryTimeout", "The query was stopped by the store."];
  if (types.has("index_not_found_exception")) {
    return unavailable("The store is not prepared yet: it has no indexes of this name.");
  }
  if (types.has("index_closed_exception")) {
    return unavailable(`The store's index ${indexOf(body) ?? "of some events"} is closed.`);
  }
  if (types.has("search_context_missing_exception")) {
    return unavailable("The store has lost the snapshot that the query was asked of. Try again.");
  }
  if (types.has("cluster_block_exception") && status !== 503) return blocked(reasonOf(body));
  if (status === 429 || types.has("circuit_breaking_exception") || types.has("rejected_execution_exception")) {
    return unavailable("The store is overloaded. Try again.");
  }
  if (status >= 500) return unavailable("The store cannot answer now. Try again.");
  if (status === 401 || status === 403) return unavailable("The store refuses our credentials.");
  if (!isObject(body) || !("error" in body))
    return unavailable(`Something in front of the store answered ${status}. Try again.`);
  return ["InternalServerError", "The store did not understand the request."];
}

function unavailable(message: string): Meaning {
  return ["ServiceUnavailable", message];
}

/** An index that was blocked by the server itself, for want of space, or by somebody. */
function blocked(reason: string): Meaning {
  if (/disk usage exceeded|TOO_MANY_REQUESTS\/12/.test(reason)) {
    return unavailable("The store's disk is full: nothing can be written until there is room.");
  }
  if (/FORBIDDEN\/7/.test(reason)) return unavailable("The store is blocked for reading.");
  return unavailable("The store is blocked for writing.");
}

/** The index that an error is about. */
function indexOf(body: unknown): string | undefined {
  const error = isObject(body) ? body["error"] : undefined;
  if (!isObject(error)) return undefined;
  const causes = error["root_cause"];
  const cause = Array.isArray(causes) && isObject(causes[0]) ? causes[0]["index"] : error["index"];
  return typeof cause === "string" ? cause : undefined;
}

/** Every error type in an answer: the outer one is often only "all shards failed". */
export function errorTypes(body: unknown): Set<string> {
  const types = new Set<string>();
  const walk = (value: unknown, depth: number): void => {
    if (depth > 8) return;
    if (Array.isArray(value)) for (const each of value) walk(each, depth + 1);
    if (!isObject(value)) return;
    if (typeof value["type"] === "string") types.add(value["type"]);
    for (const name of ["error", "root_cause", "caused_by", "failed_shards", "reason", "failures", "_shards"]) {
      walk(value[name], depth + 1);
    }
  };
  walk(body, 0);
  return types;
}

/** The first sentence of the reason, for the log. */
export function reasonOf(body: unknown): string {
  const error = isObject(body) ? body["error"] : undefined;
  if (typeof error === "string") return error.slice(0, 300);
  if (!isObject(error)) return "";
  const causes = error["root_cause"];
  const cause = Array.isArray(causes) && isObject(causes[0]) ? causes[0]["reason"] : error["reason"];
  return typeof cause === "string" ? cause.slice(0, 300) : "";
}
