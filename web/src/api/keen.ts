import type { KeenFilter } from "../state/filters.ts";
import type { Access } from "./session.ts";
import { call } from "./http.ts";

/** One entry of a multi_analysis. `filters` of a single entry are Millrace's addition. */
export interface Analysis {
  readonly analysis_type: string;
  readonly target_property?: string;
  readonly filters?: readonly KeenFilter[];
}

export interface MultiAnalysis {
  readonly event_collection: readonly string[];
  readonly timeframe?: { readonly start: string; readonly end: string } | string;
  readonly timezone: string;
  readonly filters?: readonly KeenFilter[];
  readonly bots?: "include" | "exclude" | "only";
  readonly interval?: string;
  readonly group_by?: readonly string[];
  readonly order_by?: readonly { readonly property_name: string; readonly direction: "ASC" | "DESC" }[];
  readonly limit?: number;
  readonly analyses: Readonly<Record<string, Analysis>>;
}

/** Values by label of the analysis. */
export type Values = Readonly<Record<string, number | null>>;
/** One group: its values, and the group's own fields by their names. */
export type GroupRow = Readonly<Record<string, string | number | boolean | null>>;
export interface Bucket<V> {
  readonly value: V;
  /** Instants in UTC. */
  readonly timeframe: { readonly start: string; readonly end: string };
}

export interface Answer<Result> {
  readonly result: Result;
  /** False: some value is an approximation. */
  readonly exact: boolean;
}

/**
 * Runs a multi_analysis. The caller names the shape that follows from its own parameters: {@link Values} plain,
 * `Bucket<Values>[]` with an interval, {@link GroupRow}`[]` with group_by.
 */
export async function multiAnalysis<Result>(
  access: Access,
  query: MultiAnalysis,
  signal?: AbortSignal,
): Promise<Answer<Result>> {
  const path = `${projectPath(access.id)}/queries/multi_analysis`;
  const answer = await call(path, { key: access.readKey, body: query, signal });
  const { result, meta } = answer as { result: Result; meta?: { exact: boolean } };
  return { result, exact: meta?.exact ?? true };
}

export function projectPath(project: string): string {
  return `/3.0/projects/${encodeURIComponent(project)}`;
}
