import type { Clock, Registry } from "@millrace/core";
import { createDatasets, type Datasets } from "./datasets.ts";
import { createKeptAnswers, type KeptAnswers } from "./kept/kept-answers.ts";
import { createSchedule, type Schedule } from "./kept/schedule.ts";
import { createDefinitions, type Definitions } from "./definitions.ts";
import { createSavedQueries, type SavedQueries } from "./saved-queries.ts";

/** What is kept of a project's questions, and of their answers. */
export interface Stored {
  readonly saved: SavedQueries;
  readonly datasets: Datasets;
  readonly definitions: Definitions;
  readonly answers: KeptAnswers;
  /** Whose answers the upkeep keeps new. */
  readonly schedule: Schedule;
}

export function createStored(deps: { registry: Registry; clock: Clock }): Stored {
  return {
    saved: createSavedQueries(deps),
    datasets: createDatasets(deps),
    definitions: createDefinitions(deps),
    answers: createKeptAnswers(deps),
    schedule: createSchedule(deps.registry),
  };
}
