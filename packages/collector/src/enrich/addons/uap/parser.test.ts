import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { literalOf } from "./literal.ts";
import { createUapParser } from "./parser.ts";
import lists from "./patterns.json" with { type: "json" };

const fixture = new URL("../../../../fixtures/uap-answers.tsv", import.meta.url);
const rows = readFileSync(fixture, "utf8")
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line) => line.split("\t"));

test("every header of the list is read as ua-parser reads it", () => {
  const parse = createUapParser();
  const different = rows.filter(([header = "", ...answer]) => {
    const { browser, os, device } = parse(header);
    const version = (parts: readonly (string | undefined)[], length: number) =>
      Array.from({ length }, (_, index) => parts[index] ?? "");
    const read = [browser.family, ...version(browser.version, 3), os.family, ...version(os.version, 4), device.family];
    return JSON.stringify(read) !== JSON.stringify(answer);
  });
  expect(rows.length).toBe(187);
  expect(different).toEqual([]);
});

test("the text that stands for a pattern is in every header it matches", () => {
  const headers = rows.map(([header = ""]) => header);
  for (const { regex } of Object.values(lists).flat()) {
    const pattern = new RegExp(regex);
    const literal = literalOf(regex);
    for (const header of headers) if (pattern.test(header)) expect(header.toLowerCase()).toContain(literal);
  }
});

test.each([
  ["Chrome/(\\d+)", "chrome/"],
  ["(?:Mobile )?Safari", "safari"],
  ["colou?rfully", "rfully"],
  ["a{0,2}bcd{2}e", "bcd"],
  ["ab+cd", "ab"],
  ["Firefox|Chrome", ""],
  ["x(Fire|Chrome)y", "x"],
  ["(Mobile(?:Safari))", "mobile"],
  ["(?!Chrome)ie", "ie"],
  ["[\\]Chrome]ie", "ie"],
  ["\\bWin\\.d", "win.d"],
  ["", ""],
])("of %s it is %j", (pattern, literal) => {
  expect(literalOf(pattern)).toBe(literal);
});
