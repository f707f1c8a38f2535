import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// docs/field.md says which test holds what: a table that names tests that are gone would be worth nothing.

const ROOT = join(import.meta.dirname, "../../..");
const rows = readFileSync(join(ROOT, "docs/field.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    return /^[FM]\d+$/.test(cells[1] ?? "") ? [{ name: cells[1] ?? "", tests: cells.at(-2) ?? "" }] : [];
  });

test("every fault and every missing feature has its row, once", () => {
  const numbers = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  expect(rows.map(({ name }) => name)).toEqual([...numbers("F", 37), ...numbers("M", 10)]);
});

/** `packages` is left out where a file is in one. */
function pathOf(file: string): string {
  return join(ROOT, /^(?:web|scripts)\//.test(file) ? "" : "packages", file);
}

test.each(rows)("the tests of $name are there, by these words", ({ tests }) => {
  const files = [...tests.matchAll(/`([^`]+)`([^`]*)/g)];
  expect(files.length).toBeGreaterThan(0);
  for (const [, file = "", names = ""] of files) {
    expect(existsSync(pathOf(file)), file).toBe(true);
    const text = readFileSync(pathOf(file), "utf8");
    for (const [, words] of names.matchAll(/"([^"]+)"/g)) expect(text, file).toContain(words);
  }
});
