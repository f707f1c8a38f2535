const ESCAPE = /\\(?:x([0-9A-Fa-f]{2})|(["\\'nrtbvf]))/g;
const LETTERS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, v: 11, f: 12 };

/**
 * Undoes what Apache and nginx write for bytes they do not print: `\xhh`, `\"`, `\\`, `\n`. The bytes are UTF-8; what is none
 * becomes U+FFFD.
 */
export function unescapeText(text: string): string {
  return text.includes("\\") ? Buffer.concat([...bytesOf(text)]).toString("utf8") : text;
}

/** The same for the target of a request: what a URL cannot hold is percent-encoded, byte by byte, as a browser does. */
export function unescapeTarget(text: string): string {
  const bytes = text.includes("\\") ? Buffer.concat([...bytesOf(text)]) : Buffer.from(text, "utf8");
  let target = "";
  for (const byte of bytes) {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    target += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return target;
}

function* bytesOf(text: string): Generator<Buffer> {
  let end = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, hex, letter = ""] = match;
    yield Buffer.from(text.slice(end, match.index), "utf8");
    yield hex === undefined
      ? Buffer.from([LETTERS[letter] ?? letter.charCodeAt(0)])
      : Buffer.from([Number.parseInt(hex, 16)]);
    end = match.index + whole.length;
  }
  yield Buffer.from(text.slice(end), "utf8");
}
