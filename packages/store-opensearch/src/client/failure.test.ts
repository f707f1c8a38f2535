import { expect, test } from "vitest";
import { failureOf } from "./failure.ts";

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
