import { describeActorDifferential } from "@millrace/core/contract";
import { afterAll } from "vitest";
import { testStore } from "./support.ts";

// Months are indexes of their own, so answers come from several shards already.
const store = testStore();
afterAll(() => store.remove());

describeActorDifferential({
  name: "OpenSearch",
  create: async () => {
    await store.prepare();
    return store;
  },
  refresh: () => store.refresh(),
});
