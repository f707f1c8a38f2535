import { expect, test } from "vitest";
import { errorTypes, failureOf, reasonOf } from "./failure.ts";

const searchFailure = (type: string) => ({
  error: {
    root_cause: [],
    type: "search_phase_execution_exception",
    reason: "all shards failed",
    caused_by: { type, reason: "why" },
  },
});

const plain = (type: string, reason: string, rest = {}) => ({
  error: { root_cause: [{ type, reason, ...rest }], type, reason, ...rest },
});
const FLOOD =
  "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];";

test.each([
  [
    "too many buckets is our question, although the status says outage",
    503,
    searchFailure("too_many_buckets_exception"),
    "TooManyResultsError",
  ],
  [
    "a pattern that is too complex",
    400,
    searchFailure("too_complex_to_determinize_exception"),
    "UnsupportedQueryError",
  ],
  ["a circuit breaker is load", 429, searchFailure("circuit_breaking_exception"), "ServiceUnavailable"],
  ["an outage", 503, "<html>Service Unavailable</html>", "ServiceUnavailable"],
  ["too many clauses are our question", 400, searchFailure("too_many_clauses"), "UnsupportedQueryError"],
  ["also where the status says outage", 500, searchFailure("too_many_nested_clauses"), "UnsupportedQueryError"],
  ["a snapshot that is gone", 404, searchFailure("search_context_missing_exception"), "ServiceUnavailable"],
  ["a proxy that knows no such page", 404, "<html>Not Found</html>", "ServiceUnavailable"],
  ["a proxy that takes no such request", 413, "", "ServiceUnavailable"],
  ["a gateway's bad request", 400, { message: "Bad Request" }, "ServiceUnavailable"],
  ["an error that the store only words", 404, { error: "alias [x] missing", status: 404 }, "InternalServerError"],
  ["credentials", 403, { Message: "User is not authorized" }, "ServiceUnavailable"],
  ["a request of ours that is wrong", 400, searchFailure("parsing_exception"), "InternalServerError"],
])("%s", (_, status, body, code) => {
  expect(failureOf({ status, body }).code).toBe(code);
});

test.each([
  [403, "index [x] blocked by: [FORBIDDEN/5/index read-only (api)];", "The store is blocked for writing."],
  [403, "index [x] blocked by: [FORBIDDEN/9/index metadata (api)];", "The store is blocked for writing."],
  [403, "index [x] blocked by: [FORBIDDEN/7/index read (api)];", "The store is blocked for reading."],
  [429, FLOOD, "The store's disk is full: nothing can be written until there is room."],
])("a block is neither load nor credentials: %d %s", (status, reason, message) => {
  const failure = failureOf({ status, body: plain("cluster_block_exception", reason) });
  expect(failure).toMatchObject({ code: "ServiceUnavailable", message });
});

test("a closed index is named", () => {
  const body = plain("index_closed_exception", "closed", { index: "millrace-events-202611-v0001" });
  expect(failureOf({ status: 400, body })).toMatchObject({
    code: "ServiceUnavailable",
    message: "The store's index millrace-events-202611-v0001 is closed.",
  });
});

test.each([
  [503, "too_many_buckets_exception", "The answer has too many cells. Group by fewer properties, or use a filter."],
  [400, "too_complex_to_determinize_exception", "A regular expression of this query is too complex for the store."],
  [400, "too_many_clauses", "The query has too many alternatives. Use fewer filters, or shorter lists of values."],
  [400, "task_cancelled_exception", "The query was stopped by the store."],
  [404, "index_not_found_exception", "The store is not prepared yet: it has no indexes of this name."],
  [400, "index_closed_exception", "The store's index of some events is closed."],
  [404, "search_context_missing_exception", "The store has lost the snapshot that the query was asked of. Try again."],
  [503, "cluster_block_exception", "The store cannot answer now. Try again."],
  [429, "es_rejected", "The store is overloaded. Try again."],
  [400, "circuit_breaking_exception", "The store is overloaded. Try again."],
  [400, "rejected_execution_exception", "The store is overloaded. Try again."],
  [500, "null_pointer_exception", "The store cannot answer now. Try again."],
  [499, "null_pointer_exception", "The store did not understand the request."],
  [401, "security_exception", "The store refuses our credentials."],
  [403, "security_exception", "The store refuses our credentials."],
  [402, "security_exception", "The store did not understand the request."],
])("%d with %s is told in words", (status, type, message) => {
  expect(failureOf({ status, body: searchFailure(type) }).message).toBe(message);
});

test("what answers without an error of the store's is something in front of it, with its status", () => {
  for (const body of [undefined, "x", { message: "no" }, []]) {
    expect(failureOf({ status: 404, body }).message).toBe("Something in front of the store answered 404. Try again.");
  }
});

test("for the log there are the status, the first types and the beginning of the first reason", () => {
  const causes = Array.from({ length: 12 }, (_, i) => ({ type: `type_${i}`, reason: `${i}${"x".repeat(400)}` }));
  const { context } = failureOf({ status: 400, body: { error: { root_cause: causes, reason: "outer" } } });
  expect(context).toEqual({
    status: 400,
    types: Array.from({ length: 10 }, (_, i) => `type_${i}`),
    reason: `0${"x".repeat(299)}`,
  });
});

test.each([
  [{ error: "alias missing" }, "alias missing"],
  [{ error: "x".repeat(400) }, "x".repeat(300)],
  [{ error: { reason: "outer" } }, "outer"],
  [{ error: { reason: "outer", root_cause: [] } }, "outer"],
  [{ error: { reason: "outer", root_cause: [{ reason: "inner" }] } }, "inner"],
  [{ error: { reason: "outer", root_cause: [{}] } }, ""],
  [{ error: { reason: { type: "x" } } }, ""],
  [{ error: 5 }, ""],
  [{}, ""],
  ["text", ""],
])("the reason of %j", (body, reason) => {
  expect(reasonOf(body)).toBe(reason);
});

test("types are looked for wherever an answer may have them, as deep as answers are and no deeper", () => {
  const places = ["error", "root_cause", "caused_by", "failed_shards", "reason", "failures", "_shards"];
  for (const place of places) {
    expect([...errorTypes({ [place]: [{ type: "inner" }] })], place).toEqual(["inner"]);
  }
  expect([...errorTypes({ elsewhere: { type: "inner" }, type: 5 })]).toEqual([]);
  const deep = (depth: number): object => (depth === 0 ? { type: "deep" } : { caused_by: deep(depth - 1) });
  expect([...errorTypes(deep(8))]).toEqual(["deep"]);
  expect([...errorTypes(deep(9))]).toEqual([]);
});

test("the index that is closed is the first cause's, or the error's own", () => {
  const said = (error: object) =>
    failureOf({ status: 400, body: { error: { type: "index_closed_exception", ...error } } }).message;
  expect(said({ index: "a" })).toBe("The store's index a is closed.");
  expect(said({ index: "a", root_cause: [{ index: "b" }] })).toBe("The store's index b is closed.");
  expect(said({ index: 5 })).toBe("The store's index of some events is closed.");
});
