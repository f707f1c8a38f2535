import { createHash } from "node:crypto";

/** Most bytes of one keyword: Lucene refuses longer terms, and the whole document with them. */
const MAX_TERM_BYTES = 32_766;

/** Begins a term that is only the hash of its value. */
export const HASHED = "#";

/** A UTF-16 unit is three bytes of UTF-8 at most, so shorter strings need not be measured. */
const SURELY_FITS = Math.floor(MAX_TERM_BYTES / 3);

/** True when the string can be a keyword as it is. */
export function fitsTerm(text: string): boolean {
  return text.length <= SURELY_FITS || Buffer.byteLength(text) <= MAX_TERM_BYTES;
}

/** The beginning of a string, as much as fits a keyword. */
export function clipTerm(text: string): string {
  return fitsTerm(text) ? text : text.slice(0, SURELY_FITS).toWellFormed();
}

/**
 * The keyword that stands for canonical JSON or a token in equality: the text itself, or its hash where it is too long. JSON
 * never begins with `#`, and neither does a token, so the two are never confused.
 */
export function equalityTerm(text: string): string {
  return fitsTerm(text) ? text : `${HASHED}${createHash("sha256").update(text).digest("hex")}`;
}

/** True for a term that is only the hash of its value. */
export function isHashed(term: string): boolean {
  return term.startsWith(HASHED);
}
