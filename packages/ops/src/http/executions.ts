import type { OpsExecution, OpsExecutionDetail, OpsExecutions, OpsProblem, OpsSummary } from "@millrace/client";
import { keyOf, type DocumentedRoute, type Route } from "@millrace/access";
import {
  isObject,
  MillraceError,
  summarize,
  summarizeSpans,
  type Clock,
  type Executions,
  type FoundExecution,
} from "@millrace/core";
import type { Context } from "hono";
import { readSearch, SEARCH_PARAMETERS } from "./search.ts";

export interface ExecutionsDeps {
  readonly executions: Pick<Executions, "get" | "find" | "durations" | "groups">;
  readonly clock: Clock;
  /**
   * Lets in who operates the whole installation: executions tell of every project.
   * @throws MillraceError `InvalidApiKeyError`
   */
  readonly admit: (key: string | undefined) => Promise<unknown>;
}

const json = (schema: object) => ({ "application/json": { schema } });
const OBJECT = { type: "object" };
const get = { method: "GET", class: "query" } as const;

/** What stands in the OpenAPI document; who serves executions serves exactly these. */
export const EXECUTION_ROUTES = {
  executions: {
    ...get,
    path: "/ops/executions",
    summary: "Executions that a search finds: of the last hour, newest first, unless it says otherwise. For operators.",
    operation: {
      query: SEARCH_PARAMETERS,
      answers: { 200: { description: "What was found.", content: json(OBJECT) } },
    },
  },
  summary: {
    ...get,
    path: "/ops/executions/summary",
    summary:
      "Counts and percentiles over time of what a search finds, its functions, and its failures by kind. For operators.",
    operation: {
      query: SEARCH_PARAMETERS,
      answers: { 200: { description: "The summary.", content: json(OBJECT) } },
    },
  },
  execution: {
    ...get,
    path: "/ops/executions/:id",
    summary: "One execution with its spans, as it was logged. For operators.",
    operation: { answers: { 200: { description: "The execution.", content: json(OBJECT) } } },
  },
} as const satisfies Record<string, DocumentedRoute>;

/** Most kinds of failure, and functions, that a summary names. */
const NAMED = 20;

/** Executions, for those who run it. */
export function executionRoutes({ executions, clock, admit }: ExecutionsDeps): Route[] {
  const asked = async (c: Context) => {
    c.header("Cache-Control", "no-store");
    await admit(keyOf(c));
    return readSearch(parametersOf(c), clock.now());
  };
  return [
    {
      ...EXECUTION_ROUTES.executions,
      handler: async (c) => {
        const { search, order, limit } = await asked(c);
        const found = await executions.find(search, order, limit);
        return c.json({ executions: found.map(shown) } satisfies OpsExecutions);
      },
    },
    {
      ...EXECUTION_ROUTES.summary,
      handler: async (c) => {
        const { search, edges } = await asked(c);
        const [counts, functions, failures] = await Promise.all([
          executions.durations(search, edges),
          executions.groups(search, "function", NAMED),
          executions.groups(search, "fingerprint", NAMED),
        ]);
        const problems = await Promise.all(
          failures.map(async ({ value, count, lastAt }): Promise<OpsProblem> => {
            const [one] = await executions.find({ ...search, fingerprint: value }, "newest", 1);
            const example = { error: one?.error ?? "", example: one?.id ?? null, function: one?.function ?? null };
            return { fingerprint: value, count, last_at: iso(lastAt), ...example };
          }),
        );
        return c.json({
          total: summarize(counts),
          spans: summarizeSpans(edges, counts).map((span) => ({ ...span, from: iso(span.from), to: iso(span.to) })),
          functions: functions.map(({ value, count, failed }) => ({ function: value, count, failed })),
          failures: problems,
        } satisfies OpsSummary);
      },
    },
    {
      ...EXECUTION_ROUTES.execution,
      handler: async (c) => {
        c.header("Cache-Control", "no-store");
        await admit(keyOf(c));
        const id = c.req.param("id") ?? "";
        const execution = await executions.get(id);
        if (!execution)
          throw new MillraceError("ResourceNotFoundError", "There is no such execution, or it is no longer kept.");
        return c.json({ execution: shown(execution), record: recordOf(execution.line) } satisfies OpsExecutionDetail);
      },
    },
  ];
}

function shown(execution: FoundExecution): OpsExecution {
  return {
    id: execution.id,
    function: execution.function,
    started_at: iso(execution.startedAt),
    duration_ms: execution.durationMs,
    status: execution.status,
    cold: execution.cold,
    trigger: execution.trigger,
    memory: execution.memory,
    fingerprint: execution.fingerprint,
    error: execution.error,
    labels: execution.labels,
    stands_for: execution.weight,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function recordOf(line: string): OpsExecutionDetail["record"] {
  const record: unknown = JSON.parse(line);
  return isObject(record) ? (record as OpsExecutionDetail["record"]) : {};
}

/** Of a parameter given twice a list; the key is read elsewhere. */
function parametersOf(c: Context): Record<string, string | string[]> {
  const all = c.req.queries();
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}
