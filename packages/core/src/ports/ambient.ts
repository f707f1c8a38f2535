/** The clock, passed in everywhere so that every rule can be tested without waiting. */
export interface Clock {
  /** Milliseconds UTC. */
  now(): number;
}

/** Randomness, passed in for the same reason. */
export type RandomBytes = (count: number) => Uint8Array;
