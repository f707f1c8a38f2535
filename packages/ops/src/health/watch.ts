import { isObject, type Clock, type Registry } from "@millrace/core";
import type { CheckName } from "./checks.ts";
import { changesOf, dueChecks, nextStates, type Change, type CheckState, type Measured } from "./evaluate.ts";

export interface WatchDeps {
  /** Looks at everything that is due. What cannot be measured it leaves out or measures as bad; it does not throw. */
  readonly measure: (isDue: (check: CheckName) => boolean) => Promise<Measured>;
  /** Told of changes, all of one round together. May fail: it is told again in the next round. */
  readonly tell: (changes: readonly Change[]) => Promise<void>;
  /** Keeps the states over restarts: a restart is no reason to say everything again. */
  readonly registry: Pick<Registry, "get" | "put">;
  readonly clock: Clock;
}

export interface HealthWatch {
  /** Looks, and tells what changed. One after the other, whoever asks. */
  round(): Promise<void>;
  states(): readonly CheckState[];
}

const KEY = { partition: "health", sort: "states" };

/** Health over time: tells of changes, never of states. */
export function createWatch({ measure, tell, registry, clock }: WatchDeps): HealthWatch {
  /** What somebody was told. */
  let told: readonly CheckState[] | undefined;
  let states: readonly CheckState[] = [];
  let running: Promise<void> = Promise.resolve();

  const round = async (): Promise<void> => {
    told ??=
      (await registry.get<{ states: CheckState[] }>(KEY).catch(() => undefined))?.value.states.filter(isObject) ?? [];
    if (states.length === 0) states = told;
    const measured = await measure(dueChecks(states, clock.now()));
    states = nextStates(states, measured, clock.now());
    const changes = changesOf(told, states);
    if (changes.length === 0) return;
    await tell(changes);
    told = states;
    await registry.put(KEY, { states });
  };

  return {
    round() {
      running = running.catch(() => undefined).then(round);
      return running;
    },
    states: () => states,
  };
}
