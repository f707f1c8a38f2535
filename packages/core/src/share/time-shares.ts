import { headroom } from "./headroom.ts";

/** Who uses how much of the time that all of one process share, and who has to rest for it. */
export interface TimeShares {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Says that the sharer is there: for a while its others have a smaller part. */
  note(sharer: string): void;
  /** Has the sharer pay for time that it used, milliseconds. Alone it owes nobody anything. */
  charge(sharer: string, ms: number): void;
  /** Milliseconds after which it is worth looking whether the sharer may go on; 0: it may now. */
  restMs(sharer: string): number;
  /** Owes so little that the others may be asked to let it pass. */
  isLight(sharer: string): boolean;
  /** Nobody else is there. Of work of the house (undefined): nobody is. */
  isAlone(sharer: string | undefined): boolean;
}

/** What a sharer owes, at one moment. */
interface Owed {
  readonly ms: number;
  readonly at: number;
}

/** Who has asked or sent within this is there, and is to find the machine free when it comes again, milliseconds. */
const THERE_MS = 10_000;
/** What a sharer may owe before it rests, milliseconds: a page of questions is less. */
const CREDIT_MS = 1_000;
/** As much is left of it where the thread is full. */
const LEAST_CREDIT_MS = 200;
/** Who asks without end owes about its whole credit, and who looks at a page now and then much less than half of it. */
const LIGHT = 1 / 2;
/** Nobody comes to owe more than this by what a full thread costs beside what was used of it, milliseconds: it is a quarter of a minute. */
const MOST_EXTRA_MS = 3_000;
/** So many others make a sharer's part smaller, no more: its next question must not wait for minutes. */
const MOST_OTHERS = 4;

/**
 * Time is shared by what each has used of it: while others are there, a sharer has a part of one processor's time (a fifth, beside
 * four others). What it uses beyond that it owes, and beyond a second of debts it rests until so much time has gone by.
 * Each kind of work has an account of its own: whoever asks much must not be kept from recording.
 * While the thread is full and somebody is there who takes little, whoever takes much has a smaller credit, and pays more for what it uses:
 * so it has a smaller part of what comes, and of what was before only that is owed which it was then.
 * @param now milliseconds that only go forward
 * @param room which part of its share whoever takes much may use, 0.1 to 1
 */
export function createTimeShares(
  now: () => number = () => performance.now(),
  room: () => number = headroom,
): TimeShares {
  /** When each was there last, the longest ago first. */
  const there = new Map<string, number>();
  const owed = new Map<string, Owed>();

  const others = (sharer: string | undefined): number => {
    for (const [each, at] of there) {
      if (now() - at <= THERE_MS) break;
      there.delete(each);
    }
    return there.size - (sharer !== undefined && there.has(sharer) ? 1 : 0);
  };
  const isAlone = (sharer: string | undefined) => others(sharer) === 0;
  /** How fast it pays: milliseconds of debts a millisecond. */
  const partOf = (sharer: string) => 1 / (1 + Math.min(others(sharer), MOST_OTHERS));
  const owes = (sharer: string, when: number = now()): number => {
    const { ms, at } = owed.get(sharer) ?? { ms: 0, at: 0 };
    return Math.max(0, ms - Math.max(0, when - at) * partOf(sharer));
  };
  /** Among those who all take much nobody is to be protected from the others, and the thread may be full. */
  const isBesideLight = (sharer: string): boolean => {
    for (const each of there.keys()) if (each !== sharer && owes(each) <= LIGHT * CREDIT_MS) return true;
    return false;
  };
  const roomOf = (sharer: string) => (room() < 1 && isBesideLight(sharer) ? room() : 1);
  const creditOf = (sharer: string) => Math.max(LEAST_CREDIT_MS, CREDIT_MS * roomOf(sharer));
  const isLight = (sharer: string, when?: number) => owes(sharer, when) <= LIGHT * creditOf(sharer);
  const costOf = (sharer: string, ms: number): number => {
    // While it works it pays, too: long works would end as those of somebody who owes nothing.
    if (isLight(sharer, now() - ms)) return ms;
    return Math.max(ms, Math.min(ms / roomOf(sharer), MOST_EXTRA_MS - owes(sharer)));
  };
  return {
    now,
    note(sharer) {
      there.delete(sharer);
      there.set(sharer, now());
    },
    charge(sharer, ms) {
      const debts = isAlone(sharer) ? 0 : owes(sharer) + costOf(sharer, ms);
      if (debts === 0) owed.delete(sharer);
      else owed.set(sharer, { ms: debts, at: now() });
    },
    restMs(sharer) {
      const beyond = owes(sharer) - creditOf(sharer);
      if (beyond <= 0 || isAlone(sharer)) return 0;
      return Math.ceil(Math.min(beyond / partOf(sharer), THERE_MS));
    },
    isLight: (sharer) => isLight(sharer),
    isAlone,
  };
}
