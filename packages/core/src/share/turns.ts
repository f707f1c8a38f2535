import { AsyncLocalStorage } from "node:async_hooks";
import { headroom } from "./headroom.ts";

/**
 * Work of this length goes unnoticed by whoever waits for the thread, milliseconds. An answer needs some ten turns of the event loop (its
 * request, its statement, its rows), and each may be longer by this.
 */
export const STINT_MS = 2;
/** Whoever takes longer was not quick, and nobody waits for it any longer, milliseconds. */
const QUICK_MS = 100;
/** So many turns others may have before those who are behind have one. */
const MOST_PASSED = 4;

/**
 * Who has the next turn: what is waited for as quick, what others cannot go on without, those who take little, and then the rest.
 */
const LINES = ["quick", "awaited", "ahead", "behind"] as const;
export type Line = (typeof LINES)[number];

/**
 * For so long each lets quick work pass before its turn, milliseconds: beside quick work without end, what is behind has a fifth of the
 * thread, and what is before it half: somebody's own commit may be waiting for that.
 */
const PATIENCE_MS = { quick: 0, awaited: STINT_MS, ahead: STINT_MS, behind: 4 * STINT_MS };

/**
 * Where the thread is full, those behind have a turn so often at most, milliseconds, until for so long nobody was quick: what they do beside
 * their stints, such as reading and writing at sockets, grows with what goes on of them, and is what a quick question waits for.
 */
const PACE = { everyMs: 30, whileQuickMs: 500 };

/** What is known of the work that asks. */
interface Standing {
  readonly line: () => Line;
  /** When it began, where it is quick. */
  readonly quickSince?: number;
}

const standing = new AsyncLocalStorage<Standing>();
/** Quick works that are under way, the longest ago first. */
const quickOnes = new Set<Standing>();
const waiting: Record<Line, (() => void)[]> = { quick: [], awaited: [], ahead: [], behind: [] };
/** Turns of others since those behind had one. */
let passed = 0;
/** When those behind had one, and when somebody was quick, milliseconds of the process. */
let behindAt = -Infinity;
let quickAt = -Infinity;
/** Since when whoever is next lets quick work pass. */
let passingSince: number | undefined;
let isLooking = false;
let laterLook: NodeJS.Timeout | undefined;
/** What stints took of this turn of the event loop, milliseconds. */
let usedMs = 0;

/**
 * Does work of which the turns come before those of others: for whoever takes little, and would wait for whoever takes much.
 * @param isSo asked for each turn, since who it is for may not be known at the beginning, and may have taken much at the end
 */
export function ahead<T>(work: () => T, isSo: () => boolean = () => true): T {
  return standing.run({ line: () => (isSo() ? "ahead" : "behind") }, work);
}

/**
 * Does work that takes little of the thread and is several turns of the event loop, such as a small question: meanwhile long works let it
 * pass, or each of its turns would be longer by one of theirs. It is not for whoever is there with more work than its share.
 */
export async function quickly<T>(work: () => Promise<T>): Promise<T> {
  const quickSince = performance.now();
  const its: Standing = { quickSince, line: () => (isStillQuick(its) ? "quick" : "ahead") };
  quickOnes.add(its);
  quickAt = quickSince;
  try {
    return await standing.run(its, work);
  } finally {
    quickOnes.delete(its);
    if (laterLook && quickOnes.size === 0) lookSoon();
  }
}

/** Where work has its turns of which nothing else is said. */
export function lineHere(): Line {
  return standing.getStore()?.line() ?? "behind";
}

/**
 * Resolves in a turn of the event loop of which no other long work has a part: if all that wait went on in the same one, a turn would be
 * as long as they are many, and a small answer, which is several turns, would wait for all of them each time.
 */
export function nextTurn(line: Line): Promise<void> {
  return new Promise((goOn) => {
    waiting[line].push(goOn);
    if (!isLooking) lookSoon();
  });
}

/** Whether so much of this turn of the event loop is used that what begins now should wait for another: unless it is for those ahead. */
export function isTurnUsed(line: Line): boolean {
  return line === "behind" && usedMs >= STINT_MS;
}

/** Notes that a stint took so much of this turn. */
export function useTurn(ms: number): void {
  if (usedMs === 0 && ms > 0) setImmediate(() => (usedMs = 0));
  usedMs += ms;
}

/** From within a turn the next one is the soonest: whatever has come meanwhile is before it. */
function lookSoon(): void {
  clearTimeout(laterLook);
  laterLook = undefined;
  isLooking = true;
  setImmediate(serve);
}

function serve(): void {
  isLooking = false;
  const line = nextLine();
  if (!line) return;
  const passingMs = quickOnes.size > 0 && someAreQuick() ? patienceLeft(line) : 0;
  const leftMs = Math.max(passingMs, line === "behind" ? paceLeft() : 0);
  if (leftMs > 0) {
    laterLook = setTimeout(lookSoon, leftMs);
    return;
  }
  passingSince = undefined;
  passed = line === "behind" ? 0 : passed + 1;
  if (line === "behind") behindAt = performance.now();
  waiting[line].shift()?.();
  if (nextLine()) lookSoon();
}

/** Those behind, where others wait, too, only when they have been passed often enough and their next turn is due. */
function nextLine(): Line | undefined {
  if (passed >= MOST_PASSED && waiting.behind.length > 0 && paceLeft() <= 0) return "behind";
  return LINES.find((line) => waiting[line].length > 0);
}

/** Until those behind may have their next turn, milliseconds; none: 0 or less. */
function paceLeft(): number {
  const now = performance.now();
  return headroom() === 1 || now - quickAt > PACE.whileQuickMs ? 0 : behindAt + PACE.everyMs - now;
}

function patienceLeft(line: Line): number {
  passingSince ??= performance.now();
  return PATIENCE_MS[line] - (performance.now() - passingSince);
}

function someAreQuick(): boolean {
  for (const each of quickOnes) {
    if (isStillQuick(each)) return true;
    quickOnes.delete(each);
  }
  return false;
}

function isStillQuick({ quickSince = -Infinity }: Standing): boolean {
  return performance.now() - quickSince < QUICK_MS;
}
