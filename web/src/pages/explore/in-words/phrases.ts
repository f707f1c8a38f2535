import type { Token } from "./tokens.ts";

/** What a phrase means, and how many words of the question it took. */
export interface Found<Meaning> {
  readonly meaning: Meaning;
  readonly length: number;
}

/** Phrases of one or more words and what each means. */
export type Phrases<Meaning> = ReadonlyMap<string, Meaning>;

/** @param table meaning by phrases: `[["page views", "pageviews"], …]` */
export function phrases<Meaning>(
  ...table: readonly (readonly [names: readonly string[], Meaning])[]
): Phrases<Meaning> {
  return new Map(table.flatMap(([names, meaning]) => names.map((name) => [name, meaning] as const)));
}

/** No name that is looked for has more words. */
const LONGEST = 6;

/** The longest phrase that stands at this place; what is quoted is a value and never a phrase. */
export function phraseAt<Meaning>(
  known: Phrases<Meaning>,
  tokens: readonly Token[],
  at: number,
): Found<Meaning> | undefined {
  for (let length = Math.min(LONGEST, tokens.length - at); length > 0; length--) {
    const part = tokens.slice(at, at + length);
    if (part.some(({ isQuoted }) => isQuoted)) continue;
    const name = part.map(({ word }) => word).join(" ");
    if (known.has(name)) return { meaning: known.get(name) as Meaning, length };
  }
  return undefined;
}
