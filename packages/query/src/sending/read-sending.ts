import { MillraceError, parseZone, type JsonObject } from "@millrace/core";
import { EARLIER, keyOfTarget, type Alert, type Report, type Target, type Timing, type Watch } from "@millrace/ops";
import * as z from "zod";
import { parseFilters } from "../parse/parse-filters.ts";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseQuery } from "../parse/parse-query.ts";
import { BATCH } from "../parse/wire.ts";
import { readMailAddress } from "./mail-address.ts";
import { checkName } from "../stored/names.ts";

/** Of one report or watch: each costs a request of up to some seconds. */
const MOST_TARGETS = 10;
const MOST_FILTERS = 50;
export const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

const WEBHOOK = z.url({ protocol: /^https?$/ }).max(1_000);
const TARGET = z.union([
  z.strictObject({ slack: WEBHOOK }),
  z.strictObject({ webhook: WEBHOOK }),
  z.strictObject({ mail: z.string().min(3).max(254) }),
  /** One that is there already, by the id that it is shown with: the address of a webhook is not shown again. */
  z.strictObject({ id: z.string().max(100) }),
]);
const TO = z.array(TARGET).min(1).max(MOST_TARGETS);
const SIDE = z.number();

const HOUR = z.int().min(0).max(23).default(8);
const WEEKDAY = z.enum(WEEKDAYS).default("monday");
export const TIMING = { every: z.enum(["daily", "weekly"]), hour: HOUR, weekday: WEEKDAY };

const PAUSED = z.boolean().default(false);

export const REPORT = z.strictObject({
  ...TIMING,
  timezone: z.string().max(60).optional(),
  to: TO,
  filters: z.array(z.json()).max(MOST_FILTERS).optional(),
  paused: PAUSED,
});
export const WATCH = z.strictObject({
  query: z.record(z.string(), z.json()).optional(),
  saved_query_name: z.string().optional(),
  every: z.enum(["hourly", "daily"]).default("hourly"),
  alert: z.union(
    [
      z.strictObject({ below: SIDE }),
      z.strictObject({ above: SIDE }),
      z.strictObject({ below_percent: SIDE.min(0), of: z.enum(EARLIER) }),
      z.strictObject({ above_percent: SIDE.min(0), of: z.enum(EARLIER) }),
    ],
    { error: "must have one of below, above, and below_percent or above_percent with of" },
  ),
  severity: z.enum(["warn", "critical"]).default("warn"),
  timezone: z.string().max(60).optional(),
  to: TO,
  paused: PAUSED,
});

/** Of what this installation can do. */
export interface Possible {
  /** False: nothing here sends mail. */
  readonly mail: boolean;
  /** Webhooks in one's own network, and without TLS. */
  readonly allowPrivate: boolean;
}

/** What a definition is read with: what is possible, and to whom the one that it replaces was sent. */
export interface Reading extends Possible {
  readonly known: readonly Target[];
}

/** Reads the body of `PUT …/reports/{name}`. @throws MillraceError naming what is wrong */
export function readReport(raw: JsonObject, name: string, reading: Reading): Omit<Report, "createdAt" | "modifiedAt"> {
  refuseUnknown(raw, { known: Object.keys(REPORT.shape), of: "a report" });
  const { timezone, to, filters, paused, ...timing } = check(REPORT, raw, "report");
  if (filters) parseFilters([...filters]);
  return {
    name: checkName(name, "name"),
    ...timingOf(timing),
    ...zoneOf(timezone),
    to: readTargets(to, reading),
    ...(filters && filters.length > 0 && { filters }),
    ...(paused && { paused }),
  };
}

export function timingOf({ every, hour, weekday }: z.output<z.ZodObject<typeof TIMING>>): Timing {
  return { every, hour, weekday: WEEKDAYS.indexOf(weekday) };
}

/** Reads the body of `PUT …/watches/{name}`. @throws MillraceError naming what is wrong */
export function readWatch(raw: JsonObject, name: string, reading: Reading): Omit<Watch, "createdAt" | "modifiedAt"> {
  refuseUnknown(raw, { known: Object.keys(WATCH.shape), of: "a watch" });
  const { alert, every, severity, timezone, to, paused, query, saved_query_name: saved } = check(WATCH, raw, "watch");
  if ((query === undefined) === (saved === undefined))
    throw new MillraceError("InvalidParameterError", "A watch has either a query or a saved_query_name.");
  return {
    name: checkName(name, "name"),
    question:
      saved === undefined
        ? ownQuestion((raw["query"] ?? {}) as JsonObject)
        : { kind: "saved", name: checkName(saved, "saved_query_name") },
    unit: every === "hourly" ? "hour" : "day",
    alert: alertOf(alert),
    severity,
    ...zoneOf(timezone),
    to: readTargets(to, reading),
    ...(paused && { paused }),
  };
}

function ownQuestion({ analysis_type: analysisType, ...parameters }: JsonObject): Watch["question"] {
  const analysis = check(BATCH.analysis_type, analysisType, "query.analysis_type");
  if (parameters["timeframe"] !== undefined)
    throw new MillraceError("InvalidParameterError", "query.timeframe: a watch asks of each hour or day that is over.");
  demandOneNumber(analysis, parameters);
  parseQuery(analysis, { ...parameters, timeframe: "previous_1_hours" });
  return { kind: "own", analysis, parameters };
}

const ONE_NUMBER = ["count", "count_unique", "sum", "average", "minimum", "maximum", "median", "percentile"];

/** A watch compares one number. @throws MillraceError `InvalidParameterError` for a question with more of them */
export function demandOneNumber(analysis: string, parameters: JsonObject): void {
  const many = ["interval", "group_by", "compare_to"].find((name) => parameters[name] !== undefined);
  if (ONE_NUMBER.includes(analysis) && many === undefined) return;
  throw new MillraceError(
    "InvalidParameterError",
    `A watch needs a question with one number for an answer: ${ONE_NUMBER.join(", ")}, without ${many ?? "groups or intervals"}.`,
  );
}

function alertOf(alert: z.output<typeof WATCH>["alert"]): Alert {
  if ("below" in alert) return { kind: "value", side: "below", than: alert.below };
  if ("above" in alert) return { kind: "value", side: "above", than: alert.above };
  if ("below_percent" in alert) return { kind: "change", side: "below", percent: alert.below_percent, of: alert.of };
  return { kind: "change", side: "above", percent: alert.above_percent, of: alert.of };
}

/** @throws MillraceError for a zone that is none. */
function zoneOf(timezone: string | undefined): { readonly timezone?: string } {
  if (timezone === undefined) return {};
  parseZone(timezone);
  return { timezone };
}

function readTargets(to: z.output<typeof TO>, { mail, allowPrivate, known }: Reading): Target[] {
  return to.map((each, index): Target => {
    const path = `to[${index}]`;
    if ("id" in each) {
      const there = known.find((target) => keyOfTarget(target) === each.id);
      if (there) return there;
      throw new MillraceError("InvalidParameterError", `${path}.id: it is sent to nobody with this id.`);
    }
    if ("mail" in each) {
      if (!mail) throw new MillraceError("InvalidParameterError", `${path}: this installation sends no mail.`);
      return { kind: "mail", address: readMailAddress(each.mail, `${path}.mail`) };
    }
    const webhook = "slack" in each ? each.slack : each.webhook;
    if (!allowPrivate && !webhook.startsWith("https://"))
      throw new MillraceError("InvalidParameterError", `${path} must be an address that begins with https://.`);
    return { kind: "slack" in each ? "slack" : "json", webhook };
  });
}
