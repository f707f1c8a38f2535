import { isObject } from "@millrace/core";
import { CHECKS, type CheckName, type CheckState } from "@millrace/ops";
import { meaningInStage } from "./alarm-names.ts";
import type { Alarm } from "./read-alarms.ts";

/** Functions that a detail names. */
const NAMED = 3;

/**
 * The alarms of a stage as checks of the table: those that there are for each function are one check, as bad as the worst of them. An alarm
 * that has no data yet says nothing of what it watches: its value is null.
 * @param stage its name as a resource: `millrace-production`
 */
export function alarmStates(alarms: readonly Alarm[], stage: string, now: number): CheckState[] {
  const known = alarms.flatMap((alarm) => {
    const meaning = meaningInStage(alarm.AlarmName, stage);
    return meaning ? [{ ...meaning, alarm }] : [];
  });
  return [...Map.groupBy(known, ({ check }) => check)].map(([check, all]) => stateOf(check, all, now));
}

type Known = readonly { readonly of?: string; readonly alarm: Alarm }[];

function stateOf(check: CheckName, all: Known, now: number): CheckState {
  const bad = all.filter(({ alarm }) => alarm.StateValue === "ALARM");
  const [shown] = bad.length > 0 ? bad : all;
  const limits = new Set(all.map(({ alarm }) => alarm.Threshold ?? CHECKS[check].critical));
  const limit = bad.length > 0 || limits.size === 1 ? shown?.alarm.Threshold : undefined;
  const detail = bad.slice(0, NAMED).map(({ of, alarm }) => [of, alarm.StateReason].filter(Boolean).join(": "));
  return {
    check,
    severity: bad.length > 0 ? "critical" : "ok",
    value: bad.length > 0 ? lastValue(shown?.alarm.StateReasonData) : null,
    since: Math.min(...(bad.length > 0 ? bad : all).map(({ alarm }) => sinceOf(alarm, now))),
    looks: [],
    lookedAt: now,
    ...(limit !== undefined && limit !== null && { limit }),
    ...(detail.length > 0 && { detail: detail.join("; ") }),
  };
}

function sinceOf({ StateTransitionedTimestamp, StateUpdatedTimestamp }: Alarm, now: number): number {
  return Math.round(StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? now);
}

function lastValue(data: string | null | undefined): number | null {
  try {
    const told: unknown = JSON.parse(data ?? "");
    const points: unknown = isObject(told) ? told["recentDatapoints"] : undefined;
    const last: unknown = Array.isArray(points) ? points.at(-1) : undefined;
    return typeof last === "number" ? last : null;
  } catch {
    return null;
  }
}
