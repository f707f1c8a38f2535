import type { Row } from "../composite.ts";
import { valueSources } from "../compile.ts";
import { keyKinds } from "../compile-key.ts";

const MOMENT = keyKinds({ instant: "timestamp" });

/** The time of an event as a source of a key: rows are then an actor's moments, in order. */
export const momentSources: readonly object[] = valueSources("t", MOMENT);

/** Milliseconds UTC. */
export function momentOf({ key }: Row): number {
  return Number(key["t_0"]);
}
