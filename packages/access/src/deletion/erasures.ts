import type { Clock, Registry, RegistryKey } from "@millrace/core";

/** When events were last taken out of the store, by project: an answer of before that may show them. */
export interface Erasures {
  /** They were, just now. */
  note(project: string): Promise<void>;
  /** Milliseconds UTC; undefined where nothing was ever deleted. */
  last(project: string): Promise<number | undefined>;
}

/** One small item per project that deletes, read by its key. */
export function createErasures({ registry, clock }: { registry: Registry; clock: Clock }): Erasures {
  return {
    note: async (project) => void (await registry.put(keyOf(project), clock.now())),
    last: async (project) => (await registry.get<number>(keyOf(project)))?.value,
  };
}

function keyOf(project: string): RegistryKey {
  return { partition: "tombstones:erased", sort: project };
}
