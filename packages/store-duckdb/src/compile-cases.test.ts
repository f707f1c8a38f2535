import { COMPILER_CASES } from "@millrace/core/contract";
import { DuckDBListValue } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { compileMetric } from "./compile.ts";

const shown = (value: unknown): unknown => {
  if (typeof value === "bigint") return String(value);
  return value instanceof DuckDBListValue ? value.items : value;
};

test("every case of the contract becomes the SQL and the bound values that were reviewed", async () => {
  const text = COMPILER_CASES.map(({ name, plan }) => {
    const { sql, values } = compileMetric(plan).statement;
    return `-- ${name}\n${sql};\n-- ${JSON.stringify(values.map(shown))}\n`;
  }).join("\n");
  await expect(text).toMatchFileSnapshot("compile-cases.sql");
});
