import type { Clock, Registry } from "@millrace/core";
import { createDatasets, type Datasets } from "./datasets.ts";
import { createSavedQueries, type SavedQueries } from "./saved-queries.ts";

/** What is kept of a project's questions. */
export interface Stored {
  readonly saved: SavedQueries;
  readonly datasets: Datasets;
}

export function createStored(deps: { registry: Registry; clock: Clock }): Stored {
  return { saved: createSavedQueries(deps), datasets: createDatasets(deps) };
}
