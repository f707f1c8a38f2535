/** What one project may take of the engine that answers: so many questions at a time, and so much of its time a minute. */
export interface Shares {
  /**
   * Leave to put one request's questions to the engine.
   * @param perMinuteMs what the project has of the engine's time a minute, where it has a number of its own. Default: that of all
   * @throws MillraceError `RateLimitExceeded` with the seconds to wait: too many at a time, or the minute's time is used up
   */
  enter(project: string, perMinuteMs?: number): Promise<Leave>;
}

/** What a project has left, milliseconds of the engine's time. */
export interface Budget {
  readonly perMinuteMs: number;
  /** Below zero after a long question: what the next minutes pay. */
  readonly leftMs: number;
}

export interface Leave {
  readonly budget: Budget;
  /** Gives the place back and pays. Never throws. Answers what is left then. */
  leave(engineMs: number): Promise<Budget>;
}
