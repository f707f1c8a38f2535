import { expect, test } from "vitest";
import { accentTokens, contrast } from "./accent.ts";

test("the contrast of two colours is WCAG's", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 3);
});

test.each(["#ffff00", "#0b6a8f", "#000000", "#ffffff", "#ff5500", "#7a00cc"])(
  "%s can be read on both grounds, and what is written on it too",
  (accent) => {
    const tokens = accentTokens(accent);
    const pair = (name: string): string[] => tokens[name]?.match(/#[0-9a-f]{6}/g) ?? [];
    const [light = "", dark = ""] = pair("--accent");
    const [onLight = "", onDark = ""] = pair("--accent-ink");
    expect(contrast(light, "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(dark, "#14191d")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(light, onLight)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(dark, onDark)).toBeGreaterThanOrEqual(4.5);
  },
);

test("a colour that can be read stays what it is", () => {
  expect(accentTokens("#0b6a8f")["--accent"]).toContain("#0b6a8f");
});
