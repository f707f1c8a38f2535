/** Shorter spans wait for the next increment: a page being closed fires several events within a few milliseconds. */
const SHORTEST = 100;

/** The server refuses an increment of more than a day: some browsers' clocks run on while the computer sleeps. */
const LONGEST = 86_400_000;

/** Measures for how long the page is seen. Uses the monotonic clock, which no correction of the system time moves. */
export interface Stopwatch {
  /** Goes on counting while `seen`, and pauses else. */
  run(seen: boolean): void;
  /** Whole milliseconds counted since the last call that returned any; 0 when they are too few to report. */
  take(): number;
}

export function createStopwatch(): Stopwatch {
  let since = 0;
  let running = false;
  let total = 0;
  const run = (seen: boolean) => {
    const now = performance.now();
    if (running) total += now - since;
    since = now;
    running = seen;
  };
  return {
    run,
    take() {
      run(running);
      if (total < SHORTEST) return 0;
      const taken = Math.min(Math.round(total), LONGEST);
      total = 0;
      return taken;
    },
  };
}
