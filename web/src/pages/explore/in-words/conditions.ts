import type { FilterOp, FilterValue, PageFilter } from "../../../state/filters.ts";
import { FILLERS } from "./fillers.ts";
import { phraseAt, phrases, type Found } from "./phrases.ts";
import type { Reader } from "./reader.ts";
import type { Token } from "./tokens.ts";
import type { Vocabulary } from "./vocabulary.ts";

const OPERATORS = phrases<FilterOp>(
  [["is not", "isn't", "are not", "not", "!=", "≠", "ist nicht", "nicht"], "isnt"],
  [["is", "are", "equals", "=", "ist", "sind"], "is"],
  [["does not contain", "without", "enthält nicht"], "lacks"],
  [["contains", "containing", "contain", "enthält"], "contains"],
  [["begins with", "starts with", "beginning with", "starting with", "beginnt mit"], "begins"],
  [["is above", "above", "over", "more than", "greater than", ">", "über", "mehr als", "größer als"], "above"],
  [["is below", "below", "under", "less than", "<", "unter", "weniger als", "kleiner als"], "below"],
);

const FROM = phrases<true>([
  ["from", "in", "of", "aus", "von", "in den", "in der", "from the", "in the", "aus der", "aus den"],
  true,
]);
const VIA = phrases<true>([["from", "via", "through", "by way of", "von", "über"], true]);
const ON = phrases<true>([["on", "at", "auf", "page", "seite"], true]);

/** What a device, a browser or a system is called is known; in a question it needs no "device is". */
const KNOWN = phrases<{ readonly field: string; readonly value: string }>(
  ...(
    [
      ["$device", "mobile", ["mobile", "phone", "phones", "mobiles", "handy", "handys", "smartphone", "smartphones"]],
      ["$device", "desktop", ["desktop", "desktops"]],
      ["$device", "tablet", ["tablet", "tablets"]],
      ["$browser.name", "Chrome", ["chrome"]],
      ["$browser.name", "Firefox", ["firefox"]],
      ["$browser.name", "Safari", ["safari"]],
      ["$browser.name", "Edge", ["edge"]],
      ["$os.name", "Windows", ["windows"]],
      ["$os.name", "iOS", ["ios"]],
      ["$os.name", "Android", ["android"]],
      ["$os.name", "Linux", ["linux"]],
    ] as const
  ).map(([field, value, names]) => [names, { field, value }] as const),
);

/** A condition that events must meet: "amount above 10", "from Germany", "on /pricing", "mobile", "from google". */
export const conditionAt: Reader = (tokens, at, { vocabulary }) => {
  const found: Found<PageFilter> | undefined =
    comparedAt(tokens, at, vocabulary) ??
    countryAt(tokens, at, vocabulary) ??
    pageAt(tokens, at) ??
    knownAt(tokens, at) ??
    sourceAt(tokens, at);
  return found && { length: found.length, meaning: ({ filters }) => filters.push(found.meaning) };
};

function comparedAt(tokens: readonly Token[], at: number, { properties, countries }: Vocabulary) {
  const property = phraseAt(properties, tokens, at);
  const operator = property && phraseAt(OPERATORS, tokens, at + property.length);
  if (!property || !operator) return undefined;
  const { field } = property.meaning;
  const first = at + property.length + operator.length;
  const country = field === "$geo.country" ? phraseAt(countries, tokens, first) : undefined;
  const value = country?.meaning ?? valueOf(tokens[first]);
  if (value === undefined) return undefined;
  return {
    meaning: { field, op: operator.meaning, values: [value] },
    length: property.length + operator.length + (country?.length ?? 1),
  };
}

function countryAt(tokens: readonly Token[], at: number, { countries }: Vocabulary) {
  const from = phraseAt(FROM, tokens, at);
  const country = from && phraseAt(countries, tokens, at + from.length);
  if (!from || !country) return undefined;
  return {
    meaning: { field: "$geo.country", op: "is", values: [country.meaning] } as const,
    length: from.length + country.length,
  };
}

function pageAt(tokens: readonly Token[], at: number) {
  const on = phraseAt(ON, tokens, at)?.length ?? 0;
  const path = tokens[at + on]?.text;
  if (!path?.startsWith("/")) return undefined;
  const whole = !path.endsWith("*");
  const value = whole ? path : path.slice(0, -1);
  return { meaning: { field: "$page.path", op: whole ? "is" : "begins", values: [value] } as const, length: on + 1 };
}

function knownAt(tokens: readonly Token[], at: number) {
  const on = (phraseAt(ON, tokens, at) ?? phraseAt(FROM, tokens, at))?.length ?? 0;
  const known = phraseAt(KNOWN, tokens, at + on);
  if (!known) return undefined;
  const { field, value } = known.meaning;
  return { meaning: { field, op: "is", values: [value] } as const, length: on + known.length };
}

/** Names of sources are written with a capital, and typed without one. */
function sourceAt(tokens: readonly Token[], at: number) {
  const via = phraseAt(VIA, tokens, at);
  const token = via && tokens[at + via.length];
  if (!via || !token || !isName(token)) return undefined;
  const written = token.text.slice(0, 1).toUpperCase() + token.text.slice(1);
  const values = [...new Set([token.text, written])];
  return { meaning: { field: "$visit.source", op: "is", values } as const, length: via.length + 1 };
}

function isName(token: Token): boolean {
  return token.isQuoted || (/\p{L}/u.test(token.text) && !FILLERS.has(token.word));
}

/** Quoted it is a text, whatever it looks like. */
function valueOf(token: Token | undefined): FilterValue | undefined {
  if (!token) return undefined;
  if (token.isQuoted) return token.text;
  if (/^-?\d+(?:[.,]\d+)?$/.test(token.text)) return Number(token.text.replace(",", "."));
  if (token.word === "true" || token.word === "false") return token.word === "true";
  return token.text;
}
