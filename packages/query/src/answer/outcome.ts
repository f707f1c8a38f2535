import type { Json, JsonObject, PlanContext, Zone } from "@millrace/core";
import type { Engine } from "../share/engine.ts";

/** What each kind of question is answered with. */
export interface Asked {
  readonly engine: Engine;
  /** As it came. */
  readonly raw: JsonObject;
  readonly context: PlanContext;
  /** The zone whose days the visitor ids change with. */
  readonly projectZone: Zone;
}

/** What an answer is made of, before metadata. */
export interface Outcome {
  readonly result: Json;
  /** The same question about another time, where that was asked for. */
  readonly comparison?: JsonObject;
  /** Further members of the answer, beside its result. */
  readonly beside?: JsonObject;
  readonly exact: boolean;
  readonly notes: readonly string[];
  readonly ageMs: number;
}
