import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FUNCTION_GB } from "@millrace/ops";
import { documented, usd } from "./table.ts";

test("the table of docs/deploy.md is what the code costs", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/deploy.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("**", "")),
    );
  const bills = documented();
  expect(rows).toContainEqual(["", ...bills.map(([name]) => name)]);
  for (const [index, { what }] of (bills[0]?.[1].lines ?? []).entries())
    expect(rows).toContainEqual([what, ...bills.map(([, { lines }]) => usd(lines[index]?.usd ?? Number.NaN))]);
  expect(rows).toContainEqual(["together", ...bills.map(([, { total }]) => usd(total))]);
});

test("functions have the memory that the bill counts", () => {
  const inventory = readFileSync(join(import.meta.dirname, "../../stacks/inventory/production.txt"), "utf8");
  for (const [name, gb] of Object.entries(FUNCTION_GB)) {
    const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(inventory).toContain(`lambda.Function ${capital}Function: ${gb * 1024} MB,`);
  }
});
