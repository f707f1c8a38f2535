/** Work that must be done ahead of time, such as tomorrow's salts: at start and every hour, as a schedule does it on AWS. */
export interface Upkeep {
  /** Stops the schedule and waits for a round that is running. */
  stop(): Promise<void>;
}

const EVERY_MS = 3_600_000;

/** Runs `work` now and every hour. A round that fails is reported and tried again in the next one. */
export function startUpkeep(work: () => Promise<void>, onError: (error: unknown) => void): Upkeep {
  const round = () => work().catch(onError);
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
