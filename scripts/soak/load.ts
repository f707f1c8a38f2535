import { setTimeout as delay } from "node:timers/promises";
import { loadId } from "../../packages/tracker/src/id.ts";
import { call } from "../product/api.ts";
import type { Demo } from "../../packages/local/src/demo.ts";

const BATCH = 50;
const LOADS = 8;
const BULK = 5_000;
/** Somebody who is later than this goes on from here. */
const LATE_MS = 1_000;

export interface Load {
  /** Events that were acknowledged so far. */
  sent(): number;
  /** Sends as fast as it can, or at a rate of events a second, until `isOver`. */
  run(isOver: () => boolean, rate?: number): Promise<void>;
}

/** Browsers that send page views and clicks. A request that fails is sent again, as the tracker does. */
export function createLoad(demo: Demo): Load {
  let sent = 0;
  async function browser(isOver: () => boolean, rate: number): Promise<void> {
    let load = loadId(Date.now());
    let sequence = 0;
    let due = performance.now();
    while (!isOver()) {
      await delay(Math.max(0, due - performance.now()));
      // What a busy machine kept it from sending is not made up for: that would be another rate than the one that is asked for.
      due = Math.max(due, performance.now() - LATE_MS) + (BATCH / rate) * 1_000;
      if (sequence > 1_000) [load, sequence] = [loadId(Date.now()), 0];
      const body = JSON.stringify(batch(demo.writeKey, load, sequence));
      sequence += BATCH;
      for (;;) {
        const reply = await call(`${demo.url}/v1/e`, { body });
        if (reply !== "no answer" && reply.status === 202) break;
        if (isOver()) return;
        await delay(200);
      }
      sent += BATCH;
    }
  }
  return {
    sent: () => sent,
    async run(isOver, rate = Number.POSITIVE_INFINITY) {
      await Promise.all(Array.from({ length: LOADS }, () => browser(isOver, rate / LOADS)));
    },
  };
}

/** Puts so many old events into the store, so that the run ahead crosses the border at which rows are sorted. */
export async function fill(demo: Demo, events: number, isOver: () => boolean): Promise<void> {
  for (let done = 0; done < events && !isOver(); done += BULK) {
    const old = Array.from({ length: BULK }, (_, at) => ({
      n: done + at,
      path: `/page/${(done + at) % 500}`,
      keen: { timestamp: new Date(Date.now() - ((done + at) % 30) * 86_400_000).toISOString() },
    }));
    const url = `${demo.url}/3.0/projects/${demo.project}/events`;
    const body = JSON.stringify({ history: old });
    const reply = await call(url, { key: demo.masterKey, body, timeoutMs: 60_000 });
    if (reply === "no answer" || reply.status !== 200) {
      done -= BULK;
      await delay(500);
    }
  }
}

function batch(key: string, load: string, from: number): object {
  const events = Array.from({ length: BATCH }, (_, at) => ({
    q: from + at,
    n: at % 5 === 0 ? "pageviews" : "clicks",
    t: at,
    g: 1 + Math.floor(at / 10),
    u: `https://example.com/page/${at % 20}`,
    T: `Page ${at % 20}`,
    p: { price: at, name: `name ${at % 7}` },
  }));
  const context = { l: "en", z: "Europe/Paris", w: [800, 600, 800, 600], r: "https://example.org/" };
  return { v: 1, k: key, i: load, s: Date.now(), a: 0, c: context, d: {}, e: events };
}
