import { describeDifferential } from "@millrace/core/contract";
import { afterAll } from "vitest";
import { testStore } from "./support.ts";

const store = testStore();
afterAll(() => store.remove());

describeDifferential({
  name: "OpenSearch",
  create: async () => {
    await store.prepare();
    return store;
  },
  refresh: () => store.refresh(),
});
