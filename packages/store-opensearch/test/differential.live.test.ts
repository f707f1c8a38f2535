import { describeDifferential } from "@millrace/core/contract";
import { afterAll } from "vitest";
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
