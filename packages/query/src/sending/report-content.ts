import { isObject, MillraceError, type Json, type JsonObject, type TimeRange } from "@millrace/core";
import type { Figure, RankedList, ReportContent } from "@millrace/ops";
import type { ReportQuestion } from "./report-question.ts";

export interface Words {
  readonly heading: string;
  readonly title: string;
  readonly locale: string;
  readonly timezone: string;
  readonly link?: string | undefined;
}

/**
 * Makes a report of the answers to its questions.
 * @throws MillraceError of the first question that could not be answered
 */
export function reportContent(
  question: ReportQuestion | undefined,
  answers: JsonObject,
  period: TimeRange,
  words: Words,
): ReportContent {
  const { locale, timezone, ...said } = words;
  const base = { ...said, locale, period: periodText(period, timezone, locale) };
  if (!question) return { ...base, figures: [], lists: [], notes: ["Nothing was recorded yet."] };
  const resultOf = (label: string): Json => resultIn(answers[label]);
  const figures = isObject(resultOf("now") ?? null) ? figuresOf(question.isWeb, resultOf) : [];
  const lists = LISTS.flatMap(({ label, title, measure, property }): RankedList[] => {
    const rows = rowsOf(resultOf(label), property, locale);
    return rows.length === 0 ? [] : [{ title, measure, rows }];
  });
  const isEmpty = figures.every(({ value }) => value === 0) && lists.length === 0;
  return { ...base, figures, lists, notes: isEmpty ? ["Nothing was recorded in this time."] : [] };
}

const LISTS = [
  { label: "pages", title: "Top pages", measure: "Visitors", property: "$page.path" },
  { label: "sources", title: "Sources", measure: "Visits", property: "$visit.source" },
  { label: "countries", title: "Countries", measure: "Visitors", property: "$geo.country" },
  { label: "events", title: "Events", measure: "Count", property: "$collection" },
] as const;

function resultIn(answer: Json | undefined): Json {
  if (!isObject(answer ?? null) || answer === undefined) return null;
  const { status, result, message } = answer as JsonObject;
  if (typeof status !== "number") return result ?? null;
  // The store's moment, not the report's: it is sent when it can be right.
  const passes = status >= 500 || status === 429;
  throw new MillraceError(
    passes ? "ServiceUnavailable" : "InvalidParameterError",
    typeof message === "string" ? message : "A question of the report could not be answered.",
  );
}

function figuresOf(isWeb: boolean, resultOf: (label: string) => Json): Figure[] {
  const of = (label: string, name: string): number => {
    const result = resultOf(label);
    return isObject(result) ? Number(result[name] ?? 0) : Number(result ?? 0);
  };
  const pair = (label: string, name: string) => ({ label, value: of("now", name), before: of("before", name) });
  if (!isWeb) return [pair("Events", "events")];
  return [
    pair("Visitors", "visitors"),
    { label: "Visits", value: of("visits", ""), before: of("visitsBefore", "") },
    pair("Page views", "views"),
    pair("Events", "events"),
  ];
}

function rowsOf(result: Json, property: string, locale: string): RankedList["rows"] {
  if (!Array.isArray(result)) return [];
  return result.flatMap((row) => {
    if (!isObject(row)) return [];
    const value = Number(row["result"] ?? 0);
    return value > 0 ? [{ name: nameOf(row[property], property, locale), value }] : [];
  });
}

function nameOf(value: Json | undefined, property: string, locale: string): string {
  if (value === null || value === undefined || value === "") return "(not known)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return property === "$geo.country" ? countryName(text, locale) : text.slice(0, 200);
}

function countryName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** The days of a report, both inclusive, in the words of its reader. */
function periodText({ start, end }: TimeRange, timeZone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone,
  });
  return format.formatRange(start, end - 1);
}
