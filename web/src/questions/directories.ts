import type { AnalysisEntry } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import { isFilter, keenFilter, type PageFilter } from "../state/filters.ts";
import { base, VIEWS, type Ask } from "./ask.ts";
import { valuesOf, type BreakdownRow, type RowsWanted } from "./breakdown.ts";

/** Pages that directories are made of, and the most directories that are counted. */
const PAGES = 1_000;
const MOST = 60;
/** Of each two numbers, in a question of twenty. */
const OF_A_QUESTION = 10;

/**
 * The directories of the site, or of the one that is filtered by: what its paths have up to their next slash. Which there are is told by
 * the pages; their visitors are counted for each, because one visitor sees several pages.
 */
export async function directories(ask: Ask, rows: RowsWanted, signal: AbortSignal): Promise<BreakdownRow[]> {
  const names = rows.values?.filter((value) => typeof value === "string") ?? (await found(ask, rows, signal));
  const questions = Array.from({ length: Math.ceil(names.length / OF_A_QUESTION) }, (_, at) =>
    counted(ask, names.slice(at * OF_A_QUESTION, (at + 1) * OF_A_QUESTION), signal),
  );
  const all = (await Promise.all(questions)).flat();
  return all.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** Those with most page views. */
async function found(ask: Ask, { limit = MOST, search = "" }: RowsWanted, signal: AbortSignal): Promise<string[]> {
  const pages = { id: "page", field: "$page.path", measure: "Events", counts: "events", collections: [VIEWS] } as const;
  const paths = await valuesOf(ask, pages, { limit: PAGES, search }, signal);
  const above = openDirectory(ask.filters);
  const views = new Map<string, number>();
  for (const { value, count } of paths) {
    if (typeof value !== "string" || !value.startsWith(above)) continue;
    const slash = value.indexOf("/", above.length);
    const name = slash < 0 ? value : value.slice(0, slash + 1);
    views.set(name, (views.get(name) ?? 0) + count);
  }
  return [...views]
    .sort(([, a], [, b]) => b - a)
    .slice(0, Math.min(limit, MOST))
    .map(([name]) => name);
}

/** The directory whose contents are listed: the deepest that is filtered by. */
function openDirectory(filters: readonly PageFilter[]): string {
  const open = filters.flatMap(({ field, op, values: [value, ...others] }) =>
    field === "$page.path" && op === "begins" && typeof value === "string" && others.length === 0 ? [value] : [],
  );
  return open.reduce((deepest, each) => (each.length > deepest.length ? each : deepest), "/");
}

async function counted(ask: Ask, names: readonly string[], signal: AbortSignal): Promise<BreakdownRow[]> {
  const above = openDirectory(ask.filters);
  const filters = names.map((name) => filterOf(name, above));
  const analyses: Record<string, AnalysisEntry> = {};
  for (const [at, filter] of filters.entries()) {
    const only = { filters: [keenFilter(filter)] };
    analyses[`n${at}`] = { analysis_type: "count_unique", target_property: "$visitor", ...only };
    analyses[`views${at}`] = { analysis_type: "count", ...only };
  }
  const { result, meta } = await askerOf(ask.access).ask(
    { ...base(ask), analysis_type: "multi_analysis", event_collection: [VIEWS], analyses },
    signal,
  );
  return names.map((value, at) => ({
    value,
    count: Number(result[`n${at}`]),
    ...(meta?.exact === false && { isEstimate: true }),
    views: Number(result[`views${at}`]),
    filters: filters.slice(at, at + 1),
  }));
}

/** What is directly in the open directory is a page: also the one that has its very address. */
function filterOf(name: string, above: string): PageFilter {
  return name.endsWith("/") && name !== above
    ? { field: "$page.path", op: "begins", values: [name] }
    : isFilter("$page.path", name);
}
