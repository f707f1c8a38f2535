import { MillraceError } from "../error.ts";
import type { TimeShares } from "./time-shares.ts";

/** Has those who owe time rest before they go on. */
export interface Rests extends Pick<TimeShares, "charge" | "isLight"> {
  /**
   * Resolves when the sharer may go on, with the function that ends its turn: at once, unless it owes time. Who owes has one turn at a
   * time, or all that waited for its debts to be paid would go on together.
   * @throws MillraceError `RateLimitExceeded` (429) when its turn has not come in time, or too many are in its line already
   */
  turn(sharer: string): Promise<() => void>;
}

interface RestsOptions {
  /** Longest wait, milliseconds. Default 8 s: less than a client's patience. */
  readonly waitMs?: number;
  /** How many of one sharer may wait. Default 20: what they have sent so far is in memory. */
  readonly most?: number;
}

interface Line {
  readonly waiting: Set<() => void>;
  /** Somebody has its turn. */
  isTaken: boolean;
  timer?: NodeJS.Timeout;
}

export function createRests(time: TimeShares, { waitMs = 8_000, most = 20 }: RestsOptions = {}): Rests {
  const lines = new Map<string, Line>();

  const goOn = (sharer: string, line: Line): void => {
    clearTimeout(line.timer);
    if (line.isTaken) return;
    const [next] = line.waiting;
    const restMs = time.restMs(sharer);
    if (!next) lines.delete(sharer);
    else if (restMs > 0) line.timer = setTimeout(() => goOn(sharer, line), restMs).unref();
    else {
      line.waiting.delete(next);
      line.isTaken = true;
      next();
    }
  };

  const inLine = (sharer: string, line: Line): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        clearTimeout(timer);
        resolve(() => {
          line.isTaken = false;
          goOn(sharer, line);
        });
      };
      const timer = setTimeout(() => {
        line.waiting.delete(give);
        reject(tooMuch(time.restMs(sharer)));
        goOn(sharer, line);
      }, waitMs);
      line.waiting.add(give);
      goOn(sharer, line);
    });

  return {
    charge: (sharer, ms) => time.charge(sharer, ms),
    isLight: (sharer) => time.isLight(sharer),
    async turn(sharer) {
      time.note(sharer);
      const known = lines.get(sharer);
      if (!known && time.restMs(sharer) === 0) return () => {};
      const line = known ?? { waiting: new Set(), isTaken: false };
      if (line.waiting.size >= most) throw tooMuch(time.restMs(sharer));
      lines.set(sharer, line);
      return inLine(sharer, line);
    },
  };
}

function tooMuch(restMs: number): MillraceError {
  return new MillraceError(
    "RateLimitExceeded",
    "This project has used more than its part of the machine, which others use, too. Send it again later.",
    { retryAfterSeconds: Math.max(1, Math.ceil(restMs / 1_000)) },
  );
}
