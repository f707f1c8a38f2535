import { performance, type EventLoopUtilization } from "node:perf_hooks";

/** So often it is looked at, milliseconds: less than a page takes to be drawn. */
const EVERY_MS = 100;
/** Used more than this the thread is full: what comes waits for what is there, which whoever asks little sees first. */
const FULL = 0.5;
/** Used more than this it has no room at all. */
const OVERFULL = 0.9;
/** The smallest part of its share that is left to whoever takes much. */
const LEAST = 0.1;

let headroomNow = 1;

/**
 * Which part of its share whoever takes much may use, 0.1 to 1: all of it while the thread has room, and the less the longer it has none.
 * Shares alone do not keep a thread from being full: each kind of work has its own account, and what cannot be charged, such as
 * connections and the collection of garbage, grows with what is let in. 1 where nobody watches, as in a function that has one request.
 */
export function headroom(): number {
  return headroomNow;
}

/**
 * Looks how full this thread is from now on.
 * @param used what of the thread's time was used since the last call, 0 to 1. Default: what the event loop says of itself
 * @returns what ends that
 */
export function watchHeadroom(used: () => number = loopUse()): () => void {
  const timer = setInterval(() => (headroomNow = nextHeadroom(headroomNow, used())), EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    headroomNow = 1;
  };
}

function loopUse(): () => number {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

/**
 * Quickly less, slowly more: whoever shares a line without knowing of the others finds a fair and stable part that way (Chiu and Jain, 1989,
 * "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance").
 * @param used of the thread's time since the last look, 0 to 1
 */
export function nextHeadroom(before: number, used: number): number {
  if (used > OVERFULL) return Math.max(LEAST, before / 2);
  if (used > FULL) return Math.max(LEAST, before * 0.8);
  return Math.min(1, before + 0.05);
}
