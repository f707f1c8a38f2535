import { testStore } from "../../store-opensearch/test/support.ts";
import { ageCases } from "./age.ts";

ageCases("OpenSearch", async (stage) => {
  const store = testStore(stage);
  return { store, refresh: () => store.refresh(), remove: () => store.remove() };
});
