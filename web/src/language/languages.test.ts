import { expect, test } from "vitest";
import { chooseLanguage } from "./languages.ts";

const chosen = (...wishes: Parameters<typeof chooseLanguage>) => {
  const { language, locale } = chooseLanguage(...wishes);
  return `${language.code} ${locale}`;
};

test("the address is obeyed before what was chosen, and that before the browser", () => {
  const browser = ["fr-FR", "de-AT", "en-GB"];
  expect(chosen({ browser })).toBe("de de-AT");
  expect(chosen({ remembered: "en", browser })).toBe("en en-GB");
  expect(chosen({ address: "de", remembered: "en", browser })).toBe("de de-AT");
});

test("numbers are written as where the reader is, if that speaks the language", () => {
  expect(chosen({ address: "de", browser: ["en-US"] })).toBe("de de");
  expect(chosen({ browser: ["fr-FR"] })).toBe("en en");
});

test("an embed speaks as its token says, whatever the browser and the reader's own dashboard do", () => {
  expect(chosen({ embed: "de-CH", remembered: "en", browser: ["en-GB"] })).toBe("de de-CH");
  expect(chosen({ embed: "fr", browser: ["de-DE"] })).toBe("en fr");
});

test("what is no language is none", () => {
  expect(chosen({ address: "", remembered: "tlh", browser: ["x", "DE-de"] })).toBe("de DE-de");
});
