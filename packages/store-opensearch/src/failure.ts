import { MillraceError, isObject } from "@millrace/core";
import type { Answer } from "./driver.ts";

/**
 * What a failed request means. A status alone misleads: "too many buckets" is a 503 although nothing is wrong with the cluster
 * and a retry would fail again, and a pattern the engine finds too complex is a 400 although the pattern is in our subset.
 */
export function failureOf({ status, body }: Answer): MillraceError {
  const types = errorTypes(body);
  const context = { status, types: [...types].slice(0, 10), reason: reasonOf(body) };
  const fail = (code: ConstructorParameters<typeof MillraceError>[0], message: string) =>
    new MillraceError(code, message, { context });
  if (types.has("too_many_buckets_exception")) {
    return fail("TooManyResultsError", "The answer has too many cells. Group by fewer properties, or use a filter.");
  }
  if (types.has("too_complex_to_determinize_exception")) {
    return fail("UnsupportedQueryError", "A regular expression of this query is too complex for the store.");
  }
  if (types.has("task_cancelled_exception")) return fail("QueryTimeout", "The query was stopped by the store.");
  if (types.has("index_not_found_exception")) {
    return fail("ServiceUnavailable", "The store is not prepared yet: it has no indexes of this name.");
  }
  if (status === 429 || types.has("circuit_breaking_exception") || types.has("rejected_execution_exception")) {
    return fail("ServiceUnavailable", "The store is overloaded. Try again.");
  }
  if (status >= 500) return fail("ServiceUnavailable", "The store cannot answer now. Try again.");
  if (status === 401 || status === 403) return fail("ServiceUnavailable", "The store refuses our credentials.");
  return fail("InternalServerError", "The store did not understand the request.");
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
