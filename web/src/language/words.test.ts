import { expect, test } from "vitest";
import { builtCatalogue } from "./catalogue.ts";
import { speak } from "./spoken.ts";

// Three forms, and numbers unlike English ones.
speak({
  language: { code: "de", name: "Deutsch", dir: "ltr" },
  locale: "pl-PL",
  catalogue: builtCatalogue({
    "{of} by {by}": "{by}: {of}",
    "From #browser": "Z przeglądarki",
    "{n} steps": { one: "{n} krok", few: "{n} kroki", many: "{n} kroków", other: "{n} kroku" },
  }),
});
const { inSentence, plural, rich, t } = await import("./words.ts");

test("a message says its values where the language wants them, numbers by the locale", () => {
  expect(t("{of} by {by}", { of: 12_345.5, by: "kraj" })).toBe("kraj: 12\u00a0345,5");
  expect(rich("{of} by {by}", { of: "a", by: "b" })).toMatchObject({ props: { children: ["", "b", ": ", "a", ""] } });
});

test.each([
  [1, "1 krok"],
  [3, "3 kroki"],
  [5, "5 kroków"],
  [1.5, "1,5 kroku"],
])("%d has the form of the language", (n, said) => {
  expect(plural(n, "{n} step", "{n} steps")).toBe(said);
});

test("what the catalogue does not say is said in English, without its mark", () => {
  expect(t("From #browser")).toBe("Z przeglądarki");
  expect(t("To #browser")).toBe("To");
  expect(t("such as #b4400d")).toBe("such as #b4400d");
  expect(plural(1, "{n} day", "{n} days")).toBe("1 day");
});

test("a value is no message: braces and patterns in it are left alone", () => {
  expect(t("{of} by {by}", { of: "{by} $&", by: "x" })).toBe("x: {by} $&");
});

test("a label within a sentence keeps its capital where nouns have one", () => {
  expect(inSentence("Kraj")).toBe("Kraj");
});
