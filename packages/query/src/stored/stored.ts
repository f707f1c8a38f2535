import type { Clock, Registry } from "@millrace/core";
import { createSavedQueries, type SavedQueries } from "./saved-queries.ts";

/** What is kept of a project's questions. */
export interface Stored {
  readonly saved: SavedQueries;
}

export function createStored(deps: { registry: Registry; clock: Clock }): Stored {
  return { saved: createSavedQueries(deps) };
}
