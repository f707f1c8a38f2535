import type { Clock, Registry } from "@millrace/core";

/** Since when nothing is collected, and who said so. */
export interface Pause {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly by: string;
}

/** Whether events are taken off the queue. What is accepted meanwhile waits there: nothing is refused and nothing is lost. */
export interface Collecting {
  paused(): Promise<Pause | undefined>;
  /** Keeps the first word of who said it. */
  pause(by: string): Promise<Pause>;
  resume(): Promise<void>;
}

const KEY = { partition: "operations", sort: "collecting" };

/**
 * The switch of the collector. The poller of one machine looks at it before each batch; on AWS the event-source mapping is what is
 * switched (scripts/ops/aws.ts), and this is what is known of it.
 */
export function createCollecting({ registry, clock }: { registry: Registry; clock: Clock }): Collecting {
  const paused = async () => (await registry.get<Pause>(KEY))?.value;
  return {
    paused,
    async pause(by) {
      const pause = { at: clock.now(), by };
      if (await registry.put<Pause>(KEY, pause, { if: "absent" })) return pause;
      return (await paused()) ?? pause;
    },
    resume: () => registry.delete(KEY),
  };
}
