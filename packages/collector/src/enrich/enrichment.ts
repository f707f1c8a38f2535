import type { AcceptedEvent, Context, ContextColumn, JsonObject, RawContext } from "@millrace/core";

/** One event on its way through the steps of enrichment. Steps read `raw` and what earlier steps found, and add to `context`. */
export interface Enrichment {
  readonly event: AcceptedEvent;
  readonly raw: RawContext;
  readonly context: Context;
  /** Replaced, never changed in place: the accepted event must stay as it came, for replay. */
  properties: JsonObject;
}

/** One step of enrichment. Its name appears in the exception when it fails. */
export interface Step {
  readonly name: string;
  readonly apply: (enrichment: Enrichment) => void;
}

/** Sets a field unless it is known already: what ingest or an importer said is never overruled by what we derive. */
export function fill<C extends ContextColumn>(context: Context, column: C, value: Context[C] | undefined): void {
  if (value === undefined || context[column] !== undefined) return;
  context[column] = value;
}
