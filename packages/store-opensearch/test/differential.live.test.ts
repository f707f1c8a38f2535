import { describeDifferential } from "@millrace/core/contract";
import { afterAll, expect, test } from "vitest";
import { testStore } from "./support.ts";

// Three shards: an answer that is right only as long as one shard has all the events would not agree.
const store = testStore({ shards: 3 });
afterAll(() => store.remove());

describeDifferential({
  name: "OpenSearch",
  create: async () => {
    await store.prepare();
    return store;
  },
  refresh: () => store.refresh(),
});

test("OpenSearch had the compared events in several months and in none", async () => {
  const listed = await fetch(`${store.node}/_cat/indices/${store.prefix}-events-*?h=index,docs.count&format=json`);
  const indexes = (await listed.json()) as { index: string; "docs.count": string }[];
  const filled = indexes.filter((each) => Number(each["docs.count"]) > 0).map(({ index }) => index);
  expect(filled.some((index) => index.includes("other"))).toBe(true);
  expect(filled.length).toBeGreaterThanOrEqual(4);
});
