import { span, TIME_BUDGETS, within, type Clock, type Registry, type Version, type Versions } from "@millrace/core";
import { LRUCache } from "lru-cache";

/**
 * Changes are noted in steps of so long: a write for each stored batch would cost as much as storing it. The price is that a
 * change within a step shows twice, and an answer of that step is shared by nobody who wants the newest.
 */
const STEP_MS = 10_000;
/** What was noted in a step can be found by queries this long after it (refresh of the index, and clocks that differ). */
const SETTLE_MS = 5_000;
/** Projects of which a process remembers that this step is noted. 10,000 of them are about 1 MB. */
const MOST = 10_000;

/** Versions kept in the registry, for any number of processes that store. One small item per project, read by its key. */
export function createRegistryVersions({ registry, clock }: { registry: Registry; clock: Clock }): Versions {
  const noted = new LRUCache<string, number>({ max: MOST });
  const keyOf = (project: string) => ({ partition: `version:${project}`, sort: "stored" });
  const stepOf = (time: number) => Math.floor(time / STEP_MS);

  return {
    read: async (project): Promise<Version> => {
      const step = (await registry.get<number>(keyOf(project)))?.value;
      if (step === undefined) return { value: "0", settled: true };
      const settled = clock.now() >= (step + 1) * STEP_MS + SETTLE_MS;
      return { value: settled ? String(step) : `${step}+`, settled };
    },
    moved: async (projects) => {
      const step = stepOf(clock.now());
      const open = [...new Set(projects)].filter((project) => noted.get(project) !== step);
      if (open.length === 0) return;
      await span("registry.versions", { projects: open.length }, async () => {
        const notes = open.map(async (project) => {
          await registry.put(keyOf(project), step);
          noted.set(project, step);
        });
        // Storing events must neither wait for it nor fail for it.
        await within(TIME_BUDGETS.registry, "The registry", () => Promise.all(notes)).catch(() => undefined);
      });
    },
  };
}
