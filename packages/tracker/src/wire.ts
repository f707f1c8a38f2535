import { cleanUrl } from "./url.ts";

/** One page in this document load; single-page navigation and a return from the back/forward cache begin a new one. */
export interface Page {
  /** Number in this load, from 1. */
  number: number;
  url: string;
  title: string;
}

/** One event. `sequence` with the load id is its identity and never changes. */
export interface Recorded {
  sequence: number;
  collection: string;
  /** `Date.now()` when it happened. */
  at: number;
  page: Page;
  user: string | undefined;
  properties?: unknown;
  /** Increment of engaged time, ms. */
  engaged?: number;
  /** What was clicked. */
  target?: string;
}

/** One event between {@link Recorded} and the server's answer. */
export interface Queued extends Recorded {
  /** About its share of a request, UTF-8. */
  readonly bytes: number;
  /** In a request that has not been answered. */
  sending?: boolean;
}

/** Longer titles are cut; beyond 10,000 characters the server would refuse the event. */
const LONGEST_TITLE = 500;

/**
 * The body of one request. Times are sent as ages (ms before the send time), so the server can tell a wrong clock from an old
 * event. A page's URL and title stand on its first event in the batch. `undefined` values leave no trace in JSON.
 * @param events at least one, all of the same user
 * @param lost events of this load that were given up since the server last heard of any
 */
export function encode(key: string, load: string, events: readonly Queued[], lost: number): string {
  const now = Date.now();
  let lastPage: Page;
  return JSON.stringify({
    v: 1,
    k: key,
    i: load,
    s: now,
    l: lost || undefined,
    c: {
      l: navigator.language,
      z: Intl.DateTimeFormat().resolvedOptions().timeZone,
      w: [screen.width, screen.height, innerWidth, innerHeight],
      r: cleanUrl(document.referrer) || undefined,
    },
    d: { id: events[0]?.user },
    e: events.map((event) => {
      const first = event.page !== lastPage;
      lastPage = event.page;
      return {
        q: event.sequence,
        n: event.collection,
        t: Math.max(0, now - event.at),
        g: event.page.number,
        u: first ? event.page.url : undefined,
        T: first ? event.page.title.slice(0, LONGEST_TITLE) : undefined,
        p: event.properties,
        m: event.engaged,
        x: event.target,
      };
    }),
  });
}
