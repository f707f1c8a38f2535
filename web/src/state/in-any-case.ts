/**
 * A regular expression for a text whatever the case of its letters; of what else the text holds nothing means anything but itself.
 * The language of questions has no flag for it, so each letter becomes a class of two.
 */
export function inAnyCase(text: string): string {
  return Array.from(text.toWellFormed())
    .map((sign) => {
      const lower = sign.toLowerCase();
      const upper = sign.toUpperCase();
      if (lower !== upper && isOne(lower) && isOne(upper)) return `[${lower}${upper}]`;
      return /[\p{L}\p{N}\s_]/u.test(sign) ? sign : `\\${sign}`;
    })
    .join("");
}

/** One code point: some letters have no other case of one sign ("ß" is "SS"). */
function isOne(text: string): boolean {
  return Array.from(text).length === 1;
}
