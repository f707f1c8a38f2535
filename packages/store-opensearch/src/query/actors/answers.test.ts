import { DEEDS, describeActorAnswers, did, funnelPlan } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { searcherOver } from "../../../test/engine/searcher.ts";
import { runFunnel } from "./funnel.ts";
import { runOrderedFunnel } from "./ordered-funnel.ts";
import { runPaths } from "./paths.ts";
import { runRetention } from "./retention.ts";
import type { Allowance } from "./stream.ts";

const allowing = (atOnce: number): Allowance => ({ left: 1e6, most: 1e6, atOnce });

// Pages of two rows and of thousands: what an answer is must not depend on where a page ends.
for (const [name, atOnce] of [
  ["in small pages", 9],
  ["in one page", 400_000],
] as const) {
  describeActorAnswers(`answers are the reference's, ${name}`, () => ({
    funnel: (plan) => runFunnel(searcherOver(DEEDS).searcher, plan, allowing(atOnce)),
    orderedFunnel: (plan) => runOrderedFunnel(searcherOver(DEEDS).searcher, plan, allowing(atOnce)),
    retention: (plan) => runRetention(searcherOver(DEEDS).searcher, plan, allowing(atOnce)),
    paths: (plan) => runPaths(searcherOver(DEEDS).searcher, plan, allowing(atOnce)),
  }));
}

test("all pages are of one snapshot", async () => {
  const { searcher, asked } = searcherOver(DEEDS);
  await runFunnel(searcher, funnelPlan("p", [did("view"), did("buy")]), allowing(9));
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.every(({ snapshot }) => snapshot)).toBe(true);
});

test("more rows than there may be is an error that says how many; as many are not", async () => {
  const [plan] = [funnelPlan("p", [{}])];
  const rows = new Set(
    DEEDS.flatMap(({ collection, properties: { who } }) =>
      collection === "visits" && who !== null ? [JSON.stringify(who)] : [],
    ),
  );
  const ask = (most: number) => runFunnel(searcherOver(DEEDS).searcher, plan, { left: most, most, atOnce: 100 });
  await expect(ask(rows.size)).resolves.toMatchObject({ counts: [rows.size] });
  await expect(ask(rows.size - 1)).rejects.toMatchObject({
    code: "TooManyResultsError",
    message: `The question is about more than ${rows.size - 1} actors and moments, the most that are told apart exactly here. Use filters, a shorter timeframe or fewer steps.`,
  });
});
