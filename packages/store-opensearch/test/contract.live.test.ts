import { describeStoreContract } from "@millrace/core/contract";
import { afterAll } from "vitest";
import { testStore } from "./support.ts";

const store = testStore();
afterAll(() => store.remove());

describeStoreContract({ name: "OpenSearch", create: async () => store, refresh: () => store.refresh() });
