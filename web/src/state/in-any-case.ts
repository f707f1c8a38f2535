/**
 * A regular expression for a text whatever the case of its letters; of what else the text holds nothing means anything but itself.
 * The language of questions has no flag for it, so each letter becomes a class of two.
 */
export function inAnyCase(text: string): string {
  return [...text.toWellFormed()]
    .map((sign) => {
      const [lower, upper] = [sign.toLowerCase(), sign.toUpperCase()];
      if (lower !== upper && [...lower].length === 1 && [...upper].length === 1) return `[${lower}${upper}]`;
      return /[\p{L}\p{N}\s_]/u.test(sign) ? sign : `\\${sign}`;
    })
    .join("");
}
