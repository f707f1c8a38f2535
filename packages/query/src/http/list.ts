import { MillraceError, type JsonObject } from "@millrace/core";
import { check } from "../parse/check.ts";
import { PAGE } from "../parse/wire.ts";

/** Of a list that is not asked for in pages, characters of JSON: what still goes through Lambda as it is. */
const MOST_CHARS = 5_000_000;
const READ_AT_ONCE = 500;

export interface Listing<T> {
  readonly page: (page: { after: string | undefined; limit: number }) => Promise<T[]>;
  /** What a page goes on after. */
  readonly nameOf: (item: T) => string;
  readonly show: (item: T) => JsonObject;
  /** What they are, in the plural, and the parameter that takes the last name. */
  readonly what: string;
  readonly afterParameter: string;
}

/**
 * A list as Keen's clients read it: whole, unless it was asked for in pages.
 * @throws MillraceError `AnswerTooLarge` where they are too many for one answer: never a shorter list
 */
export async function list<T>(
  { page, nameOf, show, what, afterParameter }: Listing<T>,
  { after, limit }: { after: string | undefined; limit: number | undefined },
): Promise<JsonObject[]> {
  if (limit !== undefined) return (await page({ after, limit })).map(show);
  const all: JsonObject[] = [];
  let chars = 0;
  for (let last = after; ;) {
    const items = await page({ after: last, limit: READ_AT_ONCE });
    for (const item of items) {
      const shown = show(item);
      chars += JSON.stringify(shown).length;
      all.push(shown);
    }
    if (chars > MOST_CHARS) {
      throw new MillraceError(
        "AnswerTooLarge",
        `There are too many ${what} for one answer. Ask in pages: limit, and ${afterParameter} with the last one.`,
      );
    }
    const end = items.at(-1);
    if (end === undefined || items.length < READ_AT_ONCE) return all;
    last = nameOf(end);
  }
}

/** @param afterParameter that of the name a page goes on after */
export function readPage(raw: JsonObject, afterParameter: string) {
  const [limit, after] = [raw["limit"], raw[afterParameter]];
  return {
    limit: limit === undefined ? undefined : check(PAGE.limit, limit, "limit"),
    after: after === undefined ? undefined : check(PAGE.after, after, afterParameter),
  };
}
