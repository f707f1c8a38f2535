import type { IntervalName } from "../../../state/interval.ts";
import type { RangeName } from "../../../state/ranges.ts";
import { addDays, addHours, addMonths, dateOf, isWall, startOfMonth, startOfYear } from "../../../state/wall.ts";
import { phraseAt, phrases, type Found } from "./phrases.ts";
import type { Token } from "./tokens.ts";

/** A range of the page: one that has a name, or days. */
export interface When {
  readonly range: RangeName;
  readonly from?: string;
  readonly to?: string;
}

const NAMED = phrases<RangeName>(
  [["today", "heute"], "today"],
  [["yesterday", "gestern"], "yesterday"],
  [["last 24 hours", "past 24 hours", "letzte 24 stunden", "letzten 24 stunden"], "24h"],
  [["this month", "month to date", "diesen monat", "dieser monat", "diesem monat"], "month"],
  [["last month", "previous month", "letzten monat", "letzter monat", "im letzten monat", "vormonat"], "last-month"],
  [["this year", "year to date", "dieses jahr", "diesem jahr"], "year"],
  [["last 12 months", "past year"], "12mo"],
  [["last week", "past week", "letzte woche", "letzter woche"], "7d"],
  [["all time", "ever", "so far", "since the beginning", "gesamte zeit", "jemals", "seit beginn"], "all"],
);

const LAST_YEAR = phrases<true>([["last year", "letztes jahr", "letzten jahr", "im letzten jahr", "vorjahr"], true]);
const LAST = phrases<true>([["last", "past", "previous", "letzte", "letzten", "vergangene", "vergangenen"], true]);
const UNITS = phrases<IntervalName>(
  [["hour", "hours", "stunde", "stunden"], "hour"],
  [["day", "days", "tag", "tage", "tagen"], "day"],
  [["week", "weeks", "woche", "wochen"], "week"],
  [["month", "months", "monat", "monate", "monaten"], "month"],
);
const SINCE = phrases<true>([["since", "from", "seit", "ab", "von", "vom"], true]);
const TO = phrases<true>([["to", "until", "till", "and", "bis", "bis zum", "-", "–", "und"], true]);
const ON = phrases<true>([["on", "in", "during", "of", "am", "im", "vom"], true]);
const BETWEEN = phrases<true>([["between", "zwischen"], true]);

/**
 * The time that a question is about, if one stands at this place: "last 7 days", "yesterday", "in May", "since 1 June", "between 2026-05-01 and
 * 2026-05-31". A month without a year is the latest that has begun.
 * @param now wall-clock time in the project's zone
 */
export function whenAt(tokens: readonly Token[], at: number, now: string): Found<When> | undefined {
  const named = phraseAt(NAMED, tokens, at);
  if (named) return { meaning: { range: named.meaning }, length: named.length };
  const year = phraseAt(LAST_YEAR, tokens, at);
  if (year) {
    const from = addMonths(startOfYear(dateOf(now)), -12);
    return { meaning: { range: "custom", from, to: addDays(addMonths(from, 12), -1) }, length: year.length };
  }
  return lastAt(tokens, at, now) ?? stretchAt(tokens, at, now) ?? onAt(tokens, at, now);
}

const WHOLE: Partial<Record<string, RangeName>> = {
  "24 hour": "24h",
  "7 day": "7d",
  "30 day": "30d",
  "91 day": "91d",
  "12 month": "12mo",
};
/** More of them are no range that anybody means. */
const MOST_UNITS = 10_000;

/** "last 14 days": with the current one, as the named ranges have it. */
function lastAt(tokens: readonly Token[], at: number, now: string): Found<When> | undefined {
  const last = phraseAt(LAST, tokens, at);
  const count = Number(last && tokens[at + last.length]?.word);
  if (!last || !Number.isInteger(count) || count < 1 || count > MOST_UNITS) return undefined;
  const unit = phraseAt(UNITS, tokens, at + last.length + 1);
  if (!unit) return undefined;
  const range = WHOLE[`${count} ${unit.meaning}`];
  const meaning: When = range ? { range } : { range: "custom", ...lastOf(count, unit.meaning, now) };
  return { meaning, length: last.length + 1 + unit.length };
}

function lastOf(count: number, unit: IntervalName, now: string) {
  const today = dateOf(now);
  switch (unit) {
    case "hour": {
      const hour = `${now.slice(0, 13)}:00`;
      return { from: addHours(hour, 1 - count), to: addHours(hour, 1) };
    }
    case "day":
      return { from: addDays(today, 1 - count), to: today };
    case "week":
      return { from: addDays(today, 1 - 7 * count), to: today };
    case "month":
      return { from: addMonths(startOfMonth(today), 1 - count), to: today };
  }
}

/** "since 1 June", "from May to July", "between 2026-05-01 and 2026-05-31". */
function stretchAt(tokens: readonly Token[], at: number, now: string): Found<When> | undefined {
  const opened = phraseAt(BETWEEN, tokens, at) ?? phraseAt(SINCE, tokens, at);
  const start = opened && daysAt(tokens, at + opened.length, now);
  if (!opened || !start) return undefined;
  const after = at + opened.length + start.length;
  const to = phraseAt(TO, tokens, after);
  const end = to && daysAt(tokens, after + to.length, now);
  if (end && end.meaning.to >= start.meaning.from)
    return {
      meaning: { range: "custom", from: start.meaning.from, to: end.meaning.to },
      length: opened.length + start.length + to.length + end.length,
    };
  return {
    meaning: { range: "custom", from: start.meaning.from, to: dateOf(now) },
    length: opened.length + start.length,
  };
}

/** "in May", "on 2026-05-03", "May 2026", "2025". */
function onAt(tokens: readonly Token[], at: number, now: string): Found<When> | undefined {
  const on = phraseAt(ON, tokens, at);
  const days = daysAt(tokens, at + (on?.length ?? 0), now);
  if (!days) return undefined;
  return { meaning: { range: "custom", ...days.meaning }, length: (on?.length ?? 0) + days.length };
}

interface Days {
  readonly from: string;
  readonly to: string;
}

const MONTHS = phrases<number>(
  ...[
    ["january", "jan", "januar", "jänner"],
    ["february", "feb", "februar"],
    ["march", "mar", "märz"],
    ["april", "apr"],
    ["may", "mai"],
    ["june", "jun", "juni"],
    ["july", "jul", "juli"],
    ["august", "aug"],
    ["september", "sep", "sept"],
    ["october", "oct", "oktober", "okt"],
    ["november", "nov"],
    ["december", "dec", "dezember", "dez"],
  ].map((names, at) => [names, at + 1] as const),
);

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const YEAR = /^(?:19|20)\d{2}$/;
const DAY = /^(\d{1,2})(?:st|nd|rd|th|\.)?$/;

/** A day, a month or a year. */
function daysAt(tokens: readonly Token[], at: number, now: string): Found<Days> | undefined {
  const word = tokens[at]?.word ?? "";
  if (ISO_DAY.test(word) && isWall(word)) return { meaning: { from: word, to: word }, length: 1 };
  if (YEAR.test(word)) return { meaning: { from: `${word}-01-01`, to: `${word}-12-31` }, length: 1 };
  const dayFirst = dayIn(tokens, at);
  const month = phraseAt(MONTHS, tokens, at + (dayFirst === undefined ? 0 : 1));
  if (!month) return undefined;
  let length = (dayFirst === undefined ? 0 : 1) + month.length;
  const day = dayFirst ?? dayIn(tokens, at + length);
  if (dayFirst === undefined && day !== undefined) length++;
  const year = tokens[at + length]?.word ?? "";
  const hasYear = YEAR.test(year);
  if (hasYear) length++;
  const from = monthOf(month.meaning, hasYear ? year : undefined, now);
  if (day === undefined) return { meaning: { from, to: addDays(addMonths(from, 1), -1) }, length };
  const date = addDays(from, day - 1);
  return startOfMonth(date) === from ? { meaning: { from: date, to: date }, length } : undefined;
}

function dayIn(tokens: readonly Token[], at: number): number | undefined {
  const day = Number(DAY.exec(tokens[at]?.word ?? "")?.[1]);
  return day >= 1 && day <= 31 ? day : undefined;
}

function monthOf(month: number, year: string | undefined, now: string): string {
  const of = (y: string) => `${y}-${String(month).padStart(2, "0")}-01`;
  if (year !== undefined) return of(year);
  const today = dateOf(now);
  const latest = of(today.slice(0, 4));
  return latest <= today ? latest : addMonths(latest, -12);
}
