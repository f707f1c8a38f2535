import type { BotsMode } from "../../../state/search.ts";
import type { Comparison } from "../../../state/compare.ts";
import type { ExploreSpec } from "../spec.ts";
import { phraseAt, phrases } from "./phrases.ts";
import type { Reader } from "./reader.ts";

const COMPARED = [
  "compared with",
  "compared to",
  "versus",
  "vs",
  "against",
  "verglichen mit",
  "im vergleich zu",
  "im vergleich zum",
  "gegenüber",
];
const YEAR = [
  "last year",
  "the year before",
  "a year ago",
  "the same period last year",
  "vorjahr",
  "dem vorjahr",
  "letztem jahr",
];
const PREVIOUS = [
  "before",
  "previous period",
  "the previous period",
  "the period before",
  "last month",
  "the month before",
  "last week",
  "the week before",
  "yesterday",
  "vorher",
  "vorzeitraum",
  "dem vorzeitraum",
];
const COMPARISONS = phrases<Comparison>([comparedWith(YEAR), "year"], [comparedWith(PREVIOUS), "previous"]);

function comparedWith(names: readonly string[]): readonly string[] {
  return COMPARED.flatMap((words) => names.map((name) => `${words} ${name}`));
}

const WHO = phrases<BotsMode>(
  [["with bots", "including bots", "bots included", "mit bots"], "all"],
  [["only bots", "of bots", "by bots", "from bots", "nur bots", "von bots"], "bots"],
  [["without bots", "no bots", "ohne bots"], "people"],
);

const WIDTHS = phrases<ExploreSpec["interval"]>(
  [["how many", "number of", "wie viele", "anzahl", "anzahl der"], "none"],
  [["over time", "trend", "zeitverlauf", "im zeitverlauf"], "auto"],
  [["hourly", "by hour", "per hour", "each hour", "stündlich", "pro stunde", "je stunde", "nach stunden"], "hour"],
  [["daily", "by day", "per day", "each day", "a day", "täglich", "pro tag", "je tag", "nach tagen"], "day"],
  [
    ["weekly", "by week", "per week", "each week", "a week", "wöchentlich", "pro woche", "je woche", "nach wochen"],
    "week",
  ],
  [
    ["monthly", "by month", "per month", "each month", "a month", "monatlich", "pro monat", "je monat", "nach monaten"],
    "month",
  ],
);

/** "compared with last year", "vs the previous period". */
export const comparisonAt: Reader = (tokens, at) => {
  const found = phraseAt(COMPARISONS, tokens, at);
  return found && { length: found.length, meaning: (draft) => (draft.compare = found.meaning) };
};

/** "without bots". */
export const whoAt: Reader = (tokens, at) => {
  const found = phraseAt(WHO, tokens, at);
  return found && { length: found.length, meaning: (draft) => (draft.bots = found.meaning) };
};

/** "per day", "over time"; "how many" asks for one number, unless something else is said of time. */
export const widthAt: Reader = (tokens, at) => {
  const found = phraseAt(WIDTHS, tokens, at);
  if (!found) return undefined;
  return {
    length: found.length,
    meaning: (draft) => {
      if (found.meaning !== "none") draft.interval = found.meaning;
      else draft.interval ??= "none";
    },
  };
};
