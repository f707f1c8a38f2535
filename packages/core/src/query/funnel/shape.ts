import type { Json } from "../../values/json.ts";
import { compareValues } from "../../values/value.ts";
import type { FunnelResult } from "./result.ts";

/** The numbers and, where a step asked for them, the actors of a funnel: `actors` has an entry a step, null where it did not ask. */
export function shapeFunnel({ counts, actors }: FunnelResult): { result: Json; actors?: Json } {
  const listed = actors.some((each) => each !== null);
  return {
    result: [...counts],
    ...(listed && { actors: actors.map((each) => each && each.toSorted(compareValues)) }),
  };
}
