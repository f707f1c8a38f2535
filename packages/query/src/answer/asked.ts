import type { JsonObject, PlanContext, Zone } from "@millrace/core";
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
