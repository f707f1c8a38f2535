import { durationBucket, monthName, monthOf, type ExecutionSearch, type StoredExecution } from "@millrace/core";

/** Names of the indexes of one prefix: one for each month of the start. */
export interface ExecutionNames {
  readonly template: string;
  readonly all: string;
  readonly of: (startedAt: number) => string;
}

export function executionNames(prefix: string): ExecutionNames {
  const name = `${prefix}-executions`;
  return { template: name, all: `${name}-*`, of: (startedAt) => `${name}-${monthName(monthOf(startedAt))}` };
}

const KEYWORD = { type: "keyword" };
const NUMBER = { type: "long" };

/** What a search asks for; the whole execution is beside it in `_source`, unindexed. */
export const EXECUTION_MAPPING = {
  dynamic: "strict",
  properties: {
    function: KEYWORD,
    // A date, as Dashboards wants one to show a time; it is asked for by its number.
    started_at: { type: "date", format: "epoch_millis" },
    duration_ms: { type: "double" },
    duration_bucket: NUMBER,
    status: KEYWORD,
    cold: { type: "boolean" },
    trigger: KEYWORD,
    memory: NUMBER,
    fingerprint: KEYWORD,
    labels: KEYWORD,
    weight: NUMBER,
    execution: { type: "object", enabled: false },
  },
};

/**
 * The two lines of a bulk to the index of its month. Its certainty is the version of the document, which the server compares: a less
 * certain line is a conflict, whoever writes it when.
 */
export function executionLines(execution: StoredExecution): string {
  const { id, certainty, startedAt } = execution;
  const action = { _id: id, version: certainty, version_type: "external_gte" };
  const source = {
    function: execution.function,
    started_at: Math.trunc(startedAt),
    duration_ms: execution.durationMs,
    duration_bucket: durationBucket(execution.durationMs),
    status: execution.status,
    cold: execution.cold,
    trigger: execution.trigger,
    memory: execution.memory,
    fingerprint: execution.fingerprint,
    labels: execution.labels,
    weight: execution.weight,
    execution,
  };
  return `${JSON.stringify({ index: action })}\n${JSON.stringify(source)}\n`;
}

/** The search as a filter: bound values in clauses, nothing of a caller's in a name. */
export function executionFilter(search: ExecutionSearch): object {
  const { from, to, status, cold, minDurationMs, minMemory, labels = [] } = search;
  const term = (field: string, value: string | boolean | undefined) =>
    value === undefined ? [] : [{ term: { [field]: value } }];
  const atLeast = (field: string, value: number | undefined) =>
    value === undefined ? [] : [{ range: { [field]: { gte: value } } }];
  return {
    bool: {
      filter: [
        { range: { started_at: { gte: from, lt: to } } },
        ...term("function", search.function),
        ...(status === "any-failure" ? [] : term("status", status)),
        ...term("fingerprint", search.fingerprint),
        ...term("trigger", search.trigger),
        ...term("cold", cold),
        ...atLeast("duration_ms", minDurationMs),
        ...atLeast("memory", minMemory),
        ...labels.flatMap((label) => term("labels", label)),
      ],
      must_not: status === "any-failure" ? [{ term: { status: "ok" } }] : [],
    },
  };
}
