import { expect, test } from "vitest";
import { fromCesu8 } from "./cesu-8.ts";

/** As CESU-8 has it: each of the two halves by itself. */
const cesu8 = (text: string) =>
  Buffer.concat(
    text.split("").map((unit) => {
      const code = unit.charCodeAt(0);
      if (code < 0xd800) return Buffer.from(unit);
      return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
    }),
  );

test.each(["\u{10000}", "\u{10FFFF}", "\u{1F600}", "\u{103FF}\u{10FC00}", "a\u{1F600}b\u{1F1E9}\u{1F1EA}c"])(
  "%s is what was meant by its halves",
  (text) => {
    expect(cesu8(text)).not.toEqual(Buffer.from(text));
    expect(fromCesu8(cesu8(text)).toString()).toBe(text);
  },
);

test("what is UTF-8 already is the same bytes", () => {
  const bytes = Buffer.from("\u00e4 \u20ac \u{1F600} \ufffd");
  expect(fromCesu8(bytes)).toBe(bytes);
});

// The first half alone, the second first, two first ones, and something between them.
test.each(["eda0bd", "edb880eda0bd", "eda0bdeda0bd", "eda0bd20edb880", "ed9fbfedb880"])(
  "%s is nothing that was meant, and stays as it is",
  (hex) => {
    expect(fromCesu8(Buffer.from(hex, "hex")).toString("hex")).toBe(hex);
  },
);
