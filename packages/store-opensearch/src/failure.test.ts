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
  ["credentials", 403, { Message: "User is not authorized" }, "ServiceUnavailable"],
  ["a request of ours that is wrong", 400, searchFailure("parsing_exception"), "InternalServerError"],
])("%s", (_, status, body, code) => {
  expect(failureOf({ status, body }).code).toBe(code);
});
