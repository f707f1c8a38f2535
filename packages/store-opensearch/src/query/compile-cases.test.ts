import { COMPILER_CASES, type CompilerCase } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { carried, cellKeys, compileMetric, valueSources } from "./compile.ts";
import { bucketRuns } from "./compile-bucket.ts";
import { kindsOf, valued } from "./kinds.ts";

/** The parts of all requests of a metric, as JSON. */
function requests({ plan }: CompilerCase): string {
  const metric = compileMetric(plan);
  const { query, edges, measures, split } = metric;
  const runs = edges === undefined ? [undefined] : bucketRuns(edges);
  const sources = split ? [] : runs.map((run) => cellKeys(metric, run).sources).filter((each) => each.length > 0);
  const distinct = measures.flatMap((measure) =>
    measure.kind === "distinct"
      ? [{ query: valued(kindsOf(measure), measure.filter), sources: valueSources("v", kindsOf(measure)) }]
      : [],
  );
  const parts = { query, ...carried(metric), edges, sources, distinct };
  return Object.entries(parts)
    .filter(([, part]) => part !== undefined && !(Array.isArray(part) && part.length === 0))
    .map(([name, part]) => `${name} ${JSON.stringify(part)}`)
    .join("\n");
}

test("every case of the contract becomes the DSL that was reviewed", async () => {
  const text = COMPILER_CASES.map((each) => `# ${each.name}\n${requests(each)}\n`).join("\n");
  await expect(text).toMatchFileSnapshot("compile-cases.dsl");
});

test("every case has a name of its own", () => {
  expect(new Set(COMPILER_CASES.map(({ name }) => name)).size).toBe(COMPILER_CASES.length);
});
