import type {
  AlertDefinition,
  ReportAnswer,
  ReportDefinition,
  TargetDefinition,
  WatchAnswer,
  WatchDefinition,
} from "@millrace/client";
import { t } from "../../language/words.ts";

/** What a report is, as it is sent to be kept: its targets by their ids, for the page does not know their addresses. */
export function ofReport({ every, hour, weekday, timezone, filters, paused, to }: ReportAnswer): ReportDefinition {
  return {
    every,
    hour,
    ...(weekday !== undefined && { weekday }),
    ...(timezone !== null && { timezone }),
    filters,
    paused,
    to: kept(to),
  };
}

export function ofWatch(watch: WatchAnswer): WatchDefinition {
  const { every, severity, alert, timezone, paused, to, query, saved_query_name: saved } = watch;
  return {
    ...(query && { query }),
    ...(saved !== undefined && { saved_query_name: saved }),
    every,
    severity,
    alert,
    ...(timezone !== null && { timezone }),
    paused,
    to: kept(to),
  };
}

function kept(to: readonly { readonly id: string }[]): TargetDefinition[] {
  return to.map(({ id }) => ({ id }));
}

export const WEEKDAYS = [
  ["monday", t("Monday")],
  ["tuesday", t("Tuesday")],
  ["wednesday", t("Wednesday")],
  ["thursday", t("Thursday")],
  ["friday", t("Friday")],
  ["saturday", t("Saturday")],
  ["sunday", t("Sunday")],
] as const;

export const EARLIER = [
  ["previous_week", t("the same hour or day of the week before")],
  ["previous_day", t("the same hour or day of the day before")],
  ["previous_hour", t("the hour before")],
] as const;

/** When a report is sent, for people. */
export function scheduleWords({ every, hour, weekday }: Pick<ReportAnswer, "every" | "hour" | "weekday">): string {
  const at = `${String(hour).padStart(2, "0")}:00`;
  const day = WEEKDAYS.find(([name]) => name === weekday)?.[1] ?? "";
  return every === "daily" ? t("Each day at {at}", { at }) : t("Each {day} at {at}", { day, at });
}

/** What makes a watch tell, for people. */
export function alertWords(alert: AlertDefinition): string {
  if ("below" in alert) return t("below {limit}", { limit: alert.below });
  if ("above" in alert) return t("above {limit}", { limit: alert.above });
  const of = EARLIER.find(([name]) => name === alert.of)?.[1] ?? alert.of;
  return "below_percent" in alert
    ? t("below {percent} % of: {of}", { percent: alert.below_percent, of })
    : t("above {percent} % of: {of}", { percent: alert.above_percent, of });
}
