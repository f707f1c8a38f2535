import { describeActorDifferential, describeLargeSets, funnelPlan, message, newProject } from "@millrace/core/contract";
import { afterAll, expect, test } from "vitest";
import { testStore } from "./support.ts";

// Months are indexes of their own, so answers come from several shards; and so few rows at once that they come in several pages.
const store = testStore({ actorRowsAtOnce: 24 });
afterAll(() => store.remove());

test("more actors than an answer may read are refused, however many there are; as many are answered", async () => {
  await store.prepare();
  const project = newProject();
  const who = Array.from({ length: 11 }, (_, i) => ({ who: `u${i}` }));
  await store.append(message(project, ...who));
  await store.refresh();
  const ask = async (actorRows: number) => {
    const narrow = testStore({ prefix: store.prefix, actorRows });
    try {
      return (await narrow.funnel(funnelPlan(project, [{}, {}]))).counts;
    } finally {
      await narrow.close();
    }
  };
  expect(await ask(22)).toEqual([11, 11]);
  await expect(ask(21)).rejects.toMatchObject({ code: "TooManyResultsError", status: 400 });
});

describeActorDifferential({
  name: "OpenSearch",
  create: async () => {
    await store.prepare();
    return store;
  },
  refresh: () => store.refresh(),
});

// Pages of a thousand rows: those behind the first are asked of parts of the events.
const large = testStore({ actorRowsAtOnce: 2_000 });
afterAll(() => large.remove());

describeLargeSets({
  name: "OpenSearch",
  create: async () => {
    await large.prepare();
    return large;
  },
  refresh: () => large.refresh(),
});
