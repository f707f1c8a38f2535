import type { Recorded } from "./wire.ts";

/** A batch goes out at this many events … */
const BATCH_EVENTS = 30;
/** … or this long after its first one, ms. */
const BATCH_WAIT = 4000;
/** Events kept while the server cannot be reached; the oldest are dropped beyond it. */
const QUEUE_EVENTS = 500;
/** An event that failed this often is dropped: the endpoint is wrong or blocked, and trying for ever would only cost battery. */
const MOST_TRIES = 8;
const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 60_000;
/** What a server may ask for with Retry-After, ms. */
const LONGEST_RETRY_AFTER = 3_600_000;
/** UTF-8 bytes of a request body. */
const BODY_BYTES = 48 * 1024;
/** Browsers refuse keepalive requests beyond 64 KiB in flight per page, all scripts together: leave the others some room. */
const KEEPALIVE_BYTES = 60 * 1024;

export interface Sender {
  add(event: Recorded): void;
  /** Posts everything that is not in a request already. `leaving`: the page may be gone before an answer. Never rejects. */
  drain(leaving?: boolean): Promise<unknown>;
  /** Everything not yet acknowledged, in order. */
  readonly queue: Recorded[];
}

/**
 * The queue between the page and the server. An event leaves it only when a request that held it was answered: accepted, or
 * refused for good. Until then it is sent again under the same identity, so delivery is at least once, and the server's
 * deduplication makes it once. While the page is seen, one request is in flight at a time.
 */
export function createSender(endpoint: string, encode: (events: readonly Recorded[]) => string): Sender {
  const queue: Recorded[] = [];
  const requests = new Set<Promise<void>>();
  let failures = 0;
  let keptAlive = 0;
  let mostEvents = QUEUE_EVENTS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function wake(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(pump, delay);
  }

  function pump(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!requests.size && navigator.onLine) send(BODY_BYTES);
  }

  /** Posts the longest prefix of the waiting events that fits, found by halving. @returns false when nothing waits. */
  function send(limit: number, leaving?: boolean): boolean {
    let events = queue.filter((event) => !event.sending).slice(0, mostEvents);
    events = events.filter((event) => event.user === events[0]?.user);
    if (!events.length) return false;
    let body: string;
    let bytes: number;
    while ((bytes = new TextEncoder().encode((body = encode(events))).length) > limit && events.length > 1) {
      events = events.slice(0, events.length >> 1);
    }
    const request = post(events, body, bytes, leaving).finally(() => requests.delete(request));
    requests.add(request);
    return true;
  }

  async function post(events: Recorded[], body: string, bytes: number, leaving?: boolean): Promise<void> {
    // Also while the page is seen: it may be closed before the answer, and only keepalive requests outlive it.
    const keepalive = keptAlive + bytes <= KEEPALIVE_BYTES;
    if (keepalive) keptAlive += bytes;
    for (const event of events) event.sending = true;
    // Browsers without keepalive cancel the fetch with the page. A beacon survives, but answers nothing; sending both is safe.
    if (leaving && !("keepalive" in Request.prototype)) navigator.sendBeacon(endpoint, body);
    let status = 0;
    let retryAfter = 0;
    try {
      // A string body and no header of our own: a "simple" request, which needs no preflight.
      const response = await fetch(endpoint, { method: "POST", body, keepalive, credentials: "omit" });
      status = response.status;
      retryAfter = Number(response.headers.get("Retry-After")) * 1000 || 0;
    } catch {
      // No network, or an answer that CORS hides: both look the same, and both are retried.
    }
    if (keepalive) keptAlive -= bytes;
    for (const event of events) event.sending = false;
    // The request still counts as one in flight here; settle only ever wakes the pump later.
    settle(events, status, retryAfter);
  }

  function settle(events: Recorded[], status: number, retryAfter: number): void {
    if (status === 413 && events.length > 1) {
      mostEvents = events.length >> 1;
      return wake(0);
    }
    const retry = !status || status >= 500 || /^4(08|25|29)$/.test(String(status));
    for (const event of events) if (!retry || ++event.tries >= MOST_TRIES) remove(event);
    if (retry) {
      // Full jitter, so that the clients of a server that comes back do not arrive together.
      const backoff = Math.random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** failures++);
      return wake(Math.max(backoff, Math.min(retryAfter, LONGEST_RETRY_AFTER)));
    }
    failures = 0;
    if (queue.length) wake(queue.length < BATCH_EVENTS ? BATCH_WAIT : 0);
  }

  function remove(event: Recorded): void {
    const index = queue.indexOf(event);
    if (index >= 0) queue.splice(index, 1);
  }

  addEventListener("online", () => {
    failures = 0;
    wake(0);
  });

  return {
    queue,
    add(event) {
      queue.push(event);
      if (queue.length > QUEUE_EVENTS) queue.shift();
      // During a back-off a fuller queue must not shorten the wait.
      if (!failures && queue.length >= BATCH_EVENTS) wake(0);
      else if (timer === undefined) wake(BATCH_WAIT);
    },
    drain(leaving) {
      // Past the keepalive quota a request may still succeed, if the tab was only hidden.
      for (let more = true; more;) {
        const room = KEEPALIVE_BYTES - keptAlive;
        more = send(room < BODY_BYTES / 8 ? BODY_BYTES : Math.min(BODY_BYTES, room), leaving);
      }
      return Promise.all(requests);
    },
  };
}
