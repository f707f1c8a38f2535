import type { Clock } from "@millrace/core";
import type { Delivered } from "../notify/delivered.ts";
import type { KeptStanding, Standing, Standings, Telling } from "./standing.ts";
import { keyOfTarget, showTarget, type Target } from "../notify/targets.ts";

/** Of one who is at work: afterwards others believe that it died. Longer than any run may take. */
export const LEASE_MS = 20 * 60_000;
/** Until the next round, and at most until a receiver is tried again. */
const AGAIN_MS = 10 * 60_000;
const MOST_AGAIN_MS = 3_600_000;

export interface Delivery {
  readonly project: string;
  /** As it was claimed: due only after {@link LEASE_MS}. */
  readonly kept: KeptStanding;
  readonly telling: Telling;
  readonly targets: readonly Target[];
  readonly send: (target: Target) => Promise<Delivered>;
  /** Nobody is begun to be told after it, milliseconds UTC. */
  readonly deadline: number;
}

export interface DeliveryOutcome {
  readonly kept: KeptStanding;
  readonly telling: Telling;
  /** When another try is worth it; undefined: nobody is left. Who it is stands in the telling. */
  readonly againAt: number | undefined;
}

/** Somebody else changed the thing meanwhile: what is to be told is for them to say. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

/**
 * Tells each target once. Before each message it is written down to whom it goes, and afterwards that it arrived: a process that dies in
 * between leaves one target of which nobody knows, who gets the message a second time, and never a third.
 * @throws Overtaken
 */
export async function deliver(
  { standings, clock }: { readonly standings: Standings; readonly clock: Clock },
  { project, kept: claimed, telling: begun, targets, send, deadline }: Delivery,
): Promise<DeliveryOutcome> {
  let kept = claimed;
  let telling = settleUnsure(begun);
  const note = async (next: Telling): Promise<void> => {
    const standing: Standing = { ...kept.standing, telling: next, dueAt: clock.now() + LEASE_MS };
    const changed = await standings.change(project, standing, kept.version);
    if (!changed) throw new Overtaken("It was changed while it was being told.");
    kept = changed;
    telling = next;
  };
  const missing: string[] = [];
  let waitMs = AGAIN_MS;
  for (const target of targets) {
    const key = keyOfTarget(target);
    if (telling.done.includes(key)) continue;
    if (clock.now() >= deadline) {
      missing.push(`${showTarget(target)}: no time was left in this round.`);
      continue;
    }
    await note({ ...telling, trying: key });
    const { trying: _, ...arrived } = telling;
    const result = await send(target);
    if (result.kind === "sent") {
      await note({ ...arrived, done: [...telling.done, key] });
    } else if (result.kind === "refused") {
      const refused = [...telling.refused, `${showTarget(target)}: ${result.reason}`];
      await note({ ...arrived, done: [...telling.done, key], refused });
    } else {
      missing.push(`${showTarget(target)}: ${result.reason}`);
      waitMs = Math.max(waitMs, Math.min(result.retryAfterMs ?? 0, MOST_AGAIN_MS));
      await note(arrived);
    }
  }
  if (missing.length === 0) return { kept, telling: { ...telling, missing }, againAt: undefined };
  return { kept, telling: { ...telling, missing, tries: telling.tries + 1 }, againAt: clock.now() + waitMs };
}

/** Of whom nobody knows whether they were told: told once more, if it is the first time. */
function settleUnsure({ trying, ...telling }: Telling): Telling {
  if (trying === undefined) return telling;
  if (!telling.unsure.includes(trying)) return { ...telling, unsure: [...telling.unsure, trying] };
  return { ...telling, done: [...telling.done, trying] };
}

/** A message that has just begun to be told. */
export function beginTelling(about: number, giveUpAt: number): Telling {
  return { about, giveUpAt, done: [], unsure: [], refused: [], tries: 0, missing: [] };
}
