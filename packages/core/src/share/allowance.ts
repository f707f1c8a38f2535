import { MillraceError } from "../error.ts";
import type { Budget } from "../ports/shares.ts";

/** A bucket of the engine's time: full at a minute's worth, refilled steadily, paid after the fact. Plain data. */
export interface Allowance {
  readonly leftMs: number;
  /** When that was so, milliseconds UTC. */
  readonly at: number;
}

/** What is in the bucket at `now`. Absent: never used, full. */
export function refilled(allowance: Allowance | undefined, now: number, perMinuteMs: number): Allowance {
  if (!allowance) return { leftMs: perMinuteMs, at: now };
  const gained = (Math.max(0, now - allowance.at) / 60_000) * perMinuteMs;
  return { leftMs: Math.min(perMinuteMs, allowance.leftMs + gained), at: now };
}

/** @throws MillraceError `RateLimitExceeded` when nothing is left, with the seconds until there is */
export function demandAllowance({ leftMs, perMinuteMs }: Budget): void {
  if (leftMs > 0) return;
  const seconds = Math.max(1, Math.ceil((-leftMs / perMinuteMs) * 60));
  throw new MillraceError(
    "RateLimitExceeded",
    `The questions of this project have used up their ${perMinuteMs / 1000} seconds of the engine a minute. Ask again in ${seconds} seconds, or ask for less: shorter timeframes, fewer groups, max_age.`,
    { retryAfterSeconds: seconds },
  );
}
