import { VIEWS } from "../../../questions/ask.ts";
import type { Search } from "../../../state/search.ts";
import { COUNT, EXPLORE, MOST, type ExploreSpec } from "../spec.ts";
import { comparisonAt, whoAt, widthAt } from "./around.ts";
import { conditionAt } from "./conditions.ts";
import { FILLERS } from "./fillers.ts";
import { groupsAt, propertyAt, topAt } from "./groups.ts";
import { eventsAt, measureAt } from "./measures.ts";
import { phraseAt } from "./phrases.ts";
import type { Draft, Reader, World } from "./reader.ts";
import { tokensOf } from "./tokens.ts";
import { whenAt } from "./when.ts";

/** A question in words, as the page asks it. */
export interface Reading {
  readonly spec: ExploreSpec;
  /** What it says of range, filters, comparison and who counts; what it does not say stays as it is. */
  readonly around: Partial<Pick<Search, "range" | "from" | "to" | "filters" | "compare" | "bots">>;
  /** Words that mean nothing here: the answer is not about them. */
  readonly left: readonly string[];
}

const rangeAt: Reader = (tokens, at, { now }) => {
  const when = whenAt(tokens, at, now);
  return when && { length: when.length, meaning: (draft) => (draft.when = when.meaning) };
};

const fillerAt: Reader = (tokens, at) => {
  const filler = phraseAt(FILLERS, tokens, at);
  return filler && { length: filler.length, meaning: () => undefined };
};

/** The first that understands a place has it: what names a thing in one way only stands before what may be anything. */
const READERS = [
  comparisonAt,
  whoAt,
  rangeAt,
  widthAt,
  groupsAt,
  topAt,
  measureAt,
  eventsAt,
  conditionAt,
  fillerAt,
  propertyAt,
];

/**
 * Reads a question in plain words, English or German: "top 5 pages by visitors from Germany last 7 days". No model is behind it: a phrase
 * stands in a table or names something of the project, and what does neither is told instead of guessed.
 * @returns undefined where nothing says what is asked for
 */
export function readWords(text: string, world: World): Reading | undefined {
  const tokens = tokensOf(text);
  const draft: Draft = { events: new Set(), measures: [], groups: new Set(), filters: [] };
  const left: string[] = [];
  for (let at = 0; at < tokens.length;) {
    const found = firstOf(READERS, (read) => read(tokens, at, world));
    if (!found) left.push(tokens[at]?.text ?? "");
    found?.meaning(draft);
    at += found?.length ?? 1;
  }
  const isOfNothing = draft.measures.length === 0 && draft.events.size === 0 && draft.groups.size === 0;
  return isOfNothing ? undefined : { spec: specOf(draft, world), around: aroundOf(draft), left };
}

function specOf({ events, measures, groups, interval, limit }: Draft, { vocabulary }: World): ExploreSpec {
  // As on the overview, who is counted of nothing in particular is counted of page views, where there are any.
  const isOfPeople = events.size === 0 && measures.some(({ property }) => property.startsWith("$visit"));
  const views = isOfPeople ? [...vocabulary.events.values()].filter((name) => name === VIEWS).slice(0, 1) : [];
  return {
    ...EXPLORE.defaults,
    events: [...events, ...views].slice(0, MOST.collections),
    measures: measures.length > 0 ? measures.slice(0, MOST.measures) : [COUNT],
    groups: [...groups].slice(0, MOST.groups).map((property) => ({ property, size: 0, limits: [] })),
    interval: interval ?? (groups.size > 0 ? "none" : "auto"),
    ...(limit !== undefined && { limit }),
  };
}

function aroundOf({ when, compare, bots, filters }: Draft): Reading["around"] {
  return {
    ...(when && { from: undefined, to: undefined, ...when }),
    ...(compare && { compare }),
    ...(bots && { bots }),
    filters,
  };
}

function firstOf<Item, Result>(items: readonly Item[], find: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
