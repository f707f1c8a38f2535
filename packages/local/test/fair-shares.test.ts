import { fairSharesCases } from "./fair-shares.ts";

// An empty address: whatever the machine has set, this one is about the embedded store.
fairSharesCases("DuckDB", { OPENSEARCH_URL: "" });
