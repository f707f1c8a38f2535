import { expect, onTestFinished, test } from "vitest";
import { metricPlan, NOON, storedEvent } from "@millrace/core/contract";
import { appendCalls } from "./append.ts";
import { openDriver } from "./driver.ts";
import { createKeptParts } from "./kept/index.ts";
import { sourceOf } from "./source.ts";
import { HOT, prepareTables } from "./tables.ts";

test("a dashboard's question is asked once and then answered from what was kept, a plain count each time", async () => {
  const driver = await openDriver({ path: ":memory:", threads: 1 });
  onTestFinished(() => driver.close());
  await driver.write(prepareTables);
  const events = ["u", "v", "u"].map((visitor, day) =>
    storedEvent({ project: "p", timestamp: NOON - day * 86_400_000, context: { visitor } }),
  );
  await driver.write((connection) => appendCalls(connection, [events], HOT));
  let statements: string[] = [];
  const kept = createKeptParts({
    maxBytes: 1_000_000,
    clock: { now: () => NOON },
    snapshot: (work, run) =>
      driver.snapshot(
        (read) =>
          work((statement, options) => {
            statements.push(statement.sql);
            return read(statement, options);
          }),
        run,
      ),
  });
  const source = sourceOf(
    (statement, run) => {
      statements.push(statement.sql);
      return driver.read(statement, run);
    },
    (work, run) => kept.snapshot(work, run),
  );
  const timeframe = { kind: "absolute", start: NOON - 3 * 86_400_000, end: NOON + 86_400_000 } as const;
  const ask = async (plan: ReturnType<typeof metricPlan>) => {
    statements = [];
    const [row] = (await source.metric(plan)).rows;
    return [row?.values[0], statements.filter((sql) => sql.includes("FROM events")).length > 0];
  };
  const visitors = metricPlan("p", { timeframe, measures: [{ kind: "count_unique", field: "$visitor" }] });
  const count = metricPlan("p", { timeframe });
  expect([await ask(visitors), await ask(visitors)]).toEqual([
    [2, true],
    [2, false],
  ]);
  expect(kept.bytes).toBeGreaterThan(0);
  expect([await ask(count), statements.length, await ask(count)]).toEqual([[3, true], 1, [3, true]]);
});
