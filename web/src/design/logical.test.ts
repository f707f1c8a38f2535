import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..");

/** A property of one side of the screen, of which a language that is read from right to left wants the other. */
const SIDE =
  /(?:^|[-\s;{])(?:left|right)\s*:|-(?:left|right)(?:-\w+)*\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)/;
/** Four values, the second of which is not the fourth: another right than left. */
const FOUR =
  /\b(?:margin|padding|inset|border-(?:width|style|color))\s*:\s*\S+\s+(\S+)\s+\S+\s+(?!\1\s*[;!}])[^\s;]+\s*;/;

const physical = (css: string): string[] =>
  css.split("\n").filter((line) => SIDE.test(line) || FOUR.test(line.replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, "()")));

test("no style is of the left or the right", () => {
  const files = globSync("**/*.css", { cwd: SRC });
  expect(files.length).toBeGreaterThan(20);
  const found = files.flatMap((file) =>
    physical(readFileSync(join(SRC, file), "utf8")).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test("such a style is found", () => {
  const sides = ["margin-left: 1px;", "left: 0;", "  border-top-right-radius: 2px;", "text-align: right;"];
  const four = ["padding: 0 1px 0 2px;", "inset: 0 auto 0 0;"];
  const neither = [
    "margin: 0 4px;",
    "padding: 1px 2px 3px 2px;",
    "inset-inline-start: 0;",
    "transform: none;",
    "color: bright;",
  ];
  expect(physical([...sides, ...four, ...neither].join("\n"))).toEqual([...sides, ...four]);
});
