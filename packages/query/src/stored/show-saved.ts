import { isoUtc, type JsonObject } from "@millrace/core";
import type { Run } from "./kept/schedule.ts";
import type { SavedQuery } from "./saved-queries.ts";

/**
 * A saved query as Keen shows it. What its question does not say is null there, or what it means.
 * @param lastRun of one that is cached, once it was answered
 */
export function showSaved(project: string, saved: SavedQuery, lastRun?: Run): JsonObject {
  const { name } = saved;
  const url = `/3.0/projects/${encodeURIComponent(project)}/queries/saved/${encodeURIComponent(name)}`;
  return {
    query_name: name,
    created_date: isoUtc(saved.createdAt),
    last_modified_date: isoUtc(saved.modifiedAt),
    user_last_modified_date: isoUtc(saved.modifiedAt),
    refresh_rate: saved.refreshRate,
    is_public: false,
    query: showQuery(saved),
    metadata: saved.metadata ?? {},
    run_information: lastRun
      ? { last_run_date: isoUtc(lastRun.at), last_run_status: lastRun.status, last_run_message: lastRun.message }
      : null,
    urls: { cached_query_url: url, cached_query_results_url: `${url}/result` },
  };
}

function showQuery({ analysis, parameters }: SavedQuery): JsonObject {
  if (parameters["steps"] !== undefined) return { analysis_type: analysis, ...parameters };
  return {
    analysis_type: analysis,
    event_collection: null,
    timeframe: null,
    timezone: "UTC",
    interval: null,
    group_by: null,
    filters: [],
    ...parameters,
  };
}
