import { checkListed, narrow, type FunnelPlan, type FunnelResult, type Value } from "@millrace/core";
import type { Searcher } from "../../client/search.ts";
import { actorKinds, actorValue } from "./actor-key.ts";
import { openStream, walk, type Allowance } from "./stream.ts";

/** The actors of every step side by side, in one order: who is in the first is looked for in the others. */
export async function runFunnel(
  searcher: Searcher,
  { steps }: FunnelPlan,
  allowance: Allowance,
): Promise<FunnelResult> {
  const streams = steps.map((events) =>
    openStream(searcher, { events, actor: events.actor }, { allowance, beside: steps.length }),
  );
  const [first] = steps;
  const kinds = first ? actorKinds(first.actor) : [];
  const counts = steps.map(() => 0);
  const actors = steps.map((step): Value[] | null => (step.withActors ? [] : null));
  let listed = 0;
  await walk(streams, (rows) => {
    narrow(steps, (i) => (rows[i]?.length ?? 0) > 0).forEach((kept, i) => {
      if (!kept) return;
      counts[i] = (counts[i] ?? 0) + 1;
      const list = actors[i];
      const row = rows[0]?.[0];
      if (!list || !row) return;
      checkListed(++listed);
      list.push(actorValue("a", kinds, row.key));
    });
  });
  return { counts, actors };
}
