import { MillraceClientError } from "@millrace/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askJson } from "../api/json.ts";
import type { Access } from "../api/session.ts";

type Severity = "ok" | "warn" | "critical";

/** One thing that is watched: what was measured, since when, why it matters and what to do. */
export interface Check {
  readonly name: string;
  readonly title: string;
  readonly status: Severity | "unknown";
  readonly value: number | null;
  readonly detail: string | null;
  readonly since: string;
  readonly measures: string;
  readonly why: string;
  readonly todo: string;
  readonly command: string;
}

export interface Execution {
  readonly id: string;
  readonly function: string;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly status: string;
  readonly cold: boolean;
  readonly trigger: string;
  /** Bytes. */
  readonly memory: number | null;
  readonly fingerprint: string | null;
  readonly error: string | null;
  readonly labels: readonly string[];
  readonly stands_for: number;
}

interface Counted {
  readonly count: number;
  readonly failed: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface Problem {
  readonly fingerprint: string;
  readonly count: number;
  readonly last_at: string;
  readonly error: string;
  readonly function: string | null;
  readonly example: string | null;
}

interface Summary {
  readonly total: Counted;
  readonly spans: readonly (Counted & { readonly from: string; readonly to: string })[];
  readonly failures: readonly Problem[];
}

/** A call that an execution made; milliseconds since its start. */
export interface Call {
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly error?: unknown;
}

/** What an operator who leaves the page open sees anew: five small requests a minute. */
const EVERY_MS = 60_000;

const ask = <T>(access: Access, path: string, signal: AbortSignal) =>
  askJson<T>(`/ops${path}`, { headers: { authorization: access.readKey }, signal });

/** The checks of one machine; null on AWS, where CloudWatch's alarms watch instead. */
export const healthOf = (access: Access) =>
  queryOptions({
    queryKey: ["ops", "health"],
    queryFn: async ({ signal }) => {
      try {
        return (await ask<{ checks: readonly Check[] }>(access, "/health", signal)).checks;
      } catch (thrown) {
        if (thrown instanceof MillraceClientError && thrown.status === 404) return null;
        throw thrown;
      }
    },
    refetchInterval: EVERY_MS,
  });

/** @param search parameters of the API, without those that are empty */
export const summaryOf = (access: Access, search: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["ops", "summary", search],
    queryFn: ({ signal }) =>
      ask<Summary>(access, `/executions/summary?${new URLSearchParams(search).toString()}`, signal),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const executionsOf = (access: Access, search: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["ops", "executions", search],
    queryFn: async ({ signal }) => {
      const path = `/executions?${new URLSearchParams(search).toString()}`;
      return (await ask<{ executions: readonly Execution[] }>(access, path, signal)).executions;
    },
    placeholderData: keepPreviousData,
  });

export const executionOf = (access: Access, id: string) =>
  queryOptions({
    queryKey: ["ops", "execution", id],
    queryFn: ({ signal }) =>
      ask<{ execution: Execution; record: { readonly [name: string]: unknown } }>(
        access,
        `/executions/${encodeURIComponent(id)}`,
        signal,
      ),
  });
