import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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
