import { MOST } from "../spec.ts";
import { phraseAt, phrases } from "./phrases.ts";
import type { Reader } from "./reader.ts";

/** What stands before a property that rows are of. */
export const BY = phrases<true>([
  [
    "by",
    "per",
    "for each",
    "by each",
    "grouped by",
    "split by",
    "broken down by",
    "nach",
    "je",
    "pro",
    "aufgeteilt nach",
  ],
  true,
]);
const AND = phrases<true>([["and", "and by", "&", "und", "und nach"], true]);
const TOP = phrases<true>([
  [
    "top",
    "which",
    "what",
    "best",
    "most",
    "most popular",
    "welche",
    "welches",
    "welcher",
    "häufigste",
    "häufigsten",
    "beste",
    "besten",
  ],
  true,
]);
const SEEN = phrases<true>([["visited", "viewed", "popular", "common", "frequent", "besuchte", "besuchten"], true]);

/** "by country and browser". Behind "by" there may be a measure instead ("top pages by visitors"): that is none of these. */
export const groupsAt: Reader = (tokens, at, { vocabulary }) => {
  const fields: string[] = [];
  let length = 0;
  let before = phraseAt(BY, tokens, at);
  while (before) {
    const property = phraseAt(vocabulary.properties, tokens, at + length + before.length);
    if (!property) break;
    fields.push(property.meaning.field);
    length += before.length + property.length;
    before = phraseAt(AND, tokens, at + length);
  }
  if (length === 0) return undefined;
  return { length, meaning: ({ groups }) => fields.forEach((field) => groups.add(field)) };
};

/** "top 5 pages", "which countries", "most visited pages". */
export const topAt: Reader = (tokens, at, { vocabulary }) => {
  const top = phraseAt(TOP, tokens, at);
  if (!top) return undefined;
  const count = Number(tokens[at + top.length]?.word);
  const isCount = Number.isInteger(count) && count >= 1 && count <= MOST.limit;
  const seenAt = at + top.length + (isCount ? 1 : 0);
  const propertyAt = seenAt + (phraseAt(SEEN, tokens, seenAt)?.length ?? 0);
  const property = phraseAt(vocabulary.properties, tokens, propertyAt);
  if (!property) return undefined;
  return {
    length: propertyAt - at + property.length,
    meaning: (draft) => {
      draft.groups.add(property.meaning.field);
      if (isCount) draft.limit = count;
    },
  };
};

/** A property that stands alone: "visitors country". */
export const propertyAt: Reader = (tokens, at, { vocabulary }) => {
  const property = phraseAt(vocabulary.properties, tokens, at);
  return property && { length: property.length, meaning: ({ groups }) => groups.add(property.meaning.field) };
};
