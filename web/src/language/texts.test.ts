import { globSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { expect, test } from "vitest";
import { textsOfTheServer } from "../../test/support/server-texts.ts";
import { slotsOf, textsIn, textsOfTheCode } from "../../test/support/texts.ts";
import { builtCatalogue, type Catalogue } from "./catalogue.ts";
import { LANGUAGES } from "./languages.ts";

const { messages: written, raw } = textsOfTheCode();
const messages = [
  ...written,
  ...textsOfTheServer().map((english) => ({ english, isPlural: false, place: "the server:" })),
];
const CATALOGUES = globSync("*.json", { cwd: import.meta.dirname }).map((file) => {
  const json = readFileSync(join(import.meta.dirname, file), "utf8");
  return [parse(file).name, JSON.parse(json) as Catalogue] as const;
});

test("every language but English has a catalogue", () => {
  expect(["en", ...CATALOGUES.map(([code]) => code)].sort()).toEqual(LANGUAGES.map(({ code }) => code).sort());
});

test("every text of the code is a message", () => {
  expect(raw).toEqual([]);
});

test("a text that is no message is found, with its line", () => {
  const code = `export const Page = () => (
    <p title="Left out" className="left out">
      Raw {count > 1 ? "many" : \`\${count} of few\`} <code>npm start</code> {t("Said")}
    </p>
  );
  const TABS = [{ value: "one", label: "one" }];
  const help = "Said in no attribute.";
  if (mode === "Some other mode") throw new Error("Ours alone.");
  t(TABS[0].label);`;
  expect(textsIn("page.tsx", code).raw).toEqual([
    "page.tsx:2 Left out",
    "page.tsx:3 Raw",
    "page.tsx:3 many",
    "page.tsx:3 {} of few",
    "page.tsx:6 one",
    "page.tsx:7 Said in no attribute.",
    "page.tsx:9 a message that is not written out",
  ]);
});

test.each(CATALOGUES)("%s says every message, with the same placeholders, in all plural forms", (code, catalogue) => {
  const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
  const wrong = messages.filter(({ english, isPlural }) => {
    const said = catalogue[english];
    const texts = typeof said === "object" ? forms.map((form) => said[form]) : [said];
    const isWhole = texts.every((text) => text && slotsOf(text).join() === slotsOf(english).join());
    return !isWhole || (typeof said === "object") !== isPlural;
  });
  expect(wrong.map(({ place, english }) => `${place} ${english}`)).toEqual([]);
});

test.each(CATALOGUES)("%s says nothing that the code does not", (_, catalogue) => {
  const english = new Set(messages.map((message) => message.english));
  expect(Object.keys(catalogue).filter((text) => !english.has(text))).toEqual([]);
});

test.each(CATALOGUES)("the messages of %s can be told apart by their short names", (_, catalogue) => {
  expect(Object.keys(builtCatalogue(catalogue)).length).toBe(Object.keys(catalogue).length);
});
