import { isoUtc, type Json, type JsonObject } from "@millrace/core";
import {
  keyOfTarget,
  NEVER,
  showTarget,
  type Alert,
  type KeptStanding,
  type Report,
  type Target,
  type Watch,
} from "@millrace/ops";
import { WEEKDAYS } from "./read-sending.ts";

/** A report as the API shows it: of a webhook no more than its host. */
export function showReport(report: Report, kept: KeptStanding | undefined): JsonObject {
  return {
    name: report.name,
    every: report.every,
    hour: report.hour,
    ...(report.every === "weekly" && { weekday: WEEKDAYS[report.weekday] ?? null }),
    timezone: report.timezone ?? null,
    filters: [...(report.filters ?? [])],
    paused: report.paused ?? false,
    to: report.to.map(shownTarget),
    ...times(report),
    ...progress(kept),
  };
}

/** A watch as the API shows it, with what it found last. */
export function showWatch(watch: Watch, kept: KeptStanding | undefined): JsonObject {
  const { question } = watch;
  const state = kept?.standing.watch;
  return {
    name: watch.name,
    ...(question.kind === "saved"
      ? { saved_query_name: question.name }
      : { query: { analysis_type: question.analysis, ...question.parameters } }),
    every: watch.unit === "hour" ? "hourly" : "daily",
    alert: shownAlert(watch.alert),
    severity: watch.severity,
    timezone: watch.timezone ?? null,
    paused: watch.paused ?? false,
    to: watch.to.map(shownTarget),
    state: state
      ? {
          severity: state.severity,
          since: state.since === 0 ? null : isoUtc(state.since),
          value: state.value,
          looked_at: isoUtc(state.seenUntil),
        }
      : null,
    ...times(watch),
    ...progress(kept),
  };
}

function shownTarget(target: Target): JsonObject {
  return { kind: target.kind === "json" ? "webhook" : target.kind, to: showTarget(target), id: keyOfTarget(target) };
}

function shownAlert(alert: Alert): JsonObject {
  if (alert.kind === "value") return { [alert.side]: alert.than };
  return { [`${alert.side}_percent`]: alert.percent, of: alert.of };
}

function times({ createdAt, modifiedAt }: Pick<Report, "createdAt" | "modifiedAt">): JsonObject {
  return { created_at: isoUtc(createdAt), modified_at: isoUtc(modifiedAt) };
}

function progress(kept: KeptStanding | undefined): JsonObject {
  const { dueAt, lastRun, telling } = kept?.standing ?? {};
  const run: Json = lastRun ? { at: isoUtc(lastRun.at), ok: lastRun.ok, message: lastRun.message } : null;
  return {
    next_at: dueAt === undefined || dueAt === NEVER ? null : isoUtc(dueAt),
    last_run: run,
    waiting_for: [...(telling?.missing ?? [])],
  };
}
