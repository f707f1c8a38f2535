import { isUtf8 } from "node:buffer";

/** A character beyond U+FFFF as two surrogates of three bytes each, where UTF-8 has four: CESU-8 (Unicode Technical Report 26). */
const PAIR = /\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g;

/**
 * Bytes in which such pairs are made the UTF-8 that was meant. keen-js writes its base64 so: every event with an emoji in it would be
 * refused as no UTF-8. What is right already, or wrong in another way, is given back as it is.
 */
export function fromCesu8(bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return bytes;
  const text = bytes.toString("latin1").replaceAll(PAIR, (_pair, ...parts: string[]) => {
    const [highTop = 0, highLow = 0, lowTop = 0, lowLow = 0] = parts
      .slice(0, 4)
      .map((part) => part.charCodeAt(0) & 0x3f);
    const high = 0xd000 | (highTop << 6) | highLow;
    const low = 0xd000 | (lowTop << 6) | lowLow;
    return Buffer.from(String.fromCharCode(high, low)).toString("latin1");
  });
  return Buffer.from(text, "latin1");
}
