import { MillraceError } from "../../error.ts";
import type { Value } from "../../values/value.ts";
import { LIMITS_QUERY } from "../limits.ts";

export interface FunnelResult {
  /** Actors of each step. */
  readonly counts: readonly number[];
  /** Of each step that asked for them its actors, in any order; null of the others. */
  readonly actors: readonly (readonly Value[] | null)[];
}

/**
 * Whom each step keeps: a step narrows what the steps before it that are not optional have left.
 * @param steps what the funnel asks
 * @param did whether an actor did each step
 * @returns for each step, whether it counts the actor
 */
export function narrow(
  steps: readonly { readonly inverted: boolean; readonly optional: boolean }[],
  did: (step: number) => boolean,
): boolean[] {
  let left = true;
  return steps.map(({ inverted, optional }, i) => {
    const kept = left && did(i) !== inverted;
    if (!optional) left = kept;
    return kept;
  });
}

/**
 * Refuses a list of actors that is longer than an answer may be.
 * @param count of actors listed, over all steps
 * @throws MillraceError `TooManyResultsError`
 */
export function checkListed(count: number): void {
  if (count <= LIMITS_QUERY.actors) return;
  throw new MillraceError(
    "TooManyResultsError",
    `with_actors would list more than ${LIMITS_QUERY.actors} actors. Use it on a later step, or filters, or a shorter timeframe.`,
  );
}
