import { safely } from "./safe.ts";
import type { Queued, Recorded } from "./wire.ts";

/** A batch goes out at this many events … */
const BATCH_EVENTS = 30;
/** … or this many bytes, so that what waits and what is in flight are together less than a page may send while it leaves … */
const BATCH_BYTES = 24 * 1024;
/** … or this long after its first one, ms. */
const BATCH_WAIT = 4000;
/** What the server takes in one request. */
const MOST_EVENTS = 500;
/**
 * UTF-8 bytes kept until the server has them: thousands of events, so that neither a burst nor an outage of hours cuts what a page
 * records, and a page in a loop does not fill its visitor's memory.
 */
const QUEUE_BYTES = 1024 * 1024;
const FIRST_BACKOFF = 1000;
/** An endpoint that is blocked is tried as long as the page lives; more often would only cost battery. */
const LONGEST_BACKOFF = 300_000;
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
  /** Forgets everything not yet acknowledged. */
  clear(): void;
  /** Everything not yet acknowledged, in order. */
  readonly queue: readonly Recorded[];
}

/** What the server refused: one event of the batch, or all of it. */
interface Refusal {
  index?: number;
  error_code?: string;
  message?: string;
}

interface Answer extends Refusal {
  refused?: Refusal[];
}

/**
 * The queue between the page and the server. An event leaves it only when a request that held it was answered: accepted, or
 * refused for good. Until then it is sent again under the same identity, so delivery is at least once, and the server's
 * deduplication makes it once. While the page is seen, one request is in flight at a time.
 * @param encode makes a body of events, and of the number of those that were given up since the server last heard of any
 */
export function createSender(endpoint: string, encode: (events: readonly Queued[], lost: number) => string): Sender {
  const queue: Queued[] = [];
  const requests = new Set<Promise<void>>();
  const warned = new Set<string>();
  let failures = 0;
  let keptAlive = 0;
  let queuedBytes = 0;
  let lost = 0;
  let mostEvents = MOST_EVENTS;
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

  const wait = () => (queue.length < BATCH_EVENTS && queuedBytes < BATCH_BYTES ? BATCH_WAIT : 0);

  /** Posts the longest prefix of the waiting events that fits, found by halving. @returns false when nothing waits. */
  function send(limit: number, leaving?: boolean): boolean {
    let events = queue.filter((event) => !event.sending).slice(0, mostEvents);
    events = events.filter((event) => event.user === events[0]?.user);
    if (!events.length) return false;
    const told = lost;
    lost = 0;
    if (told) console.warn("millrace", told, "events left out");
    let body: string;
    let bytes: number;
    while ((bytes = bytesOf((body = encode(events, told)))) > limit && events.length > 1) {
      events = events.slice(0, events.length >> 1);
    }
    const request = post(events, told, body, bytes, leaving).finally(() => requests.delete(request));
    requests.add(request);
    return true;
  }

  async function post(events: Queued[], told: number, body: string, bytes: number, leaving?: boolean): Promise<void> {
    // Also while the page is seen: it may be closed before the answer, and only keepalive requests outlive it.
    const keepalive = keptAlive + bytes <= KEEPALIVE_BYTES;
    if (keepalive) keptAlive += bytes;
    for (const event of events) event.sending = true;
    // Browsers without keepalive cancel the fetch with the page. A beacon survives, but answers nothing; sending both is safe.
    if (leaving && !("keepalive" in Request.prototype)) navigator.sendBeacon(endpoint, body);
    let status = 0;
    let retryAfter = 0;
    let said: Answer = {};
    try {
      // A string body and no header of our own: a "simple" request, which needs no preflight.
      const response = await fetch(endpoint, { method: "POST", body, keepalive, credentials: "omit" });
      status = response.status;
      retryAfter = Number(response.headers.get("Retry-After")) * 1000 || 0;
      said = Object(await response.json());
    } catch {
      // No network, or an answer that CORS hides: both look the same, and both are retried. Or an answer that is not ours.
    }
    if (keepalive) keptAlive -= bytes;
    for (const event of events) event.sending = false;
    // The request still counts as one in flight here; settle only ever wakes the pump later.
    settle(events, told, status, retryAfter, said);
  }

  function settle(events: Queued[], told: number, status: number, retryAfter: number, said: Answer): void {
    const accepted = status && status < 300;
    // Where only the answer was lost, the number is told twice: rather too many than too few.
    if (!accepted) lost += told;
    if (status === 413 && events.length > 1) {
      mostEvents = events.length >> 1;
      return wake(0);
    }
    if (!status || status >= 500 || /^4(08|25|29)$/.test(String(status))) {
      // Full jitter, so that the clients of a server that comes back do not arrive together.
      const backoff = Math.random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** failures++);
      return wake(Math.max(backoff, Math.min(retryAfter, LONGEST_RETRY_AFTER)));
    }
    events.forEach(remove);
    // What Millrace refuses it has counted itself; a firewall in front of it has not.
    if (!accepted && !said.error_code) lost += events.length;
    failures = 0;
    if (queue.length) wake(wait());
    safely(() => (said.refused ?? [said]).forEach((refusal) => warn(refusal, events)));
  }

  /** Names each kind of mistake once. */
  function warn({ index = -1, error_code, message }: Refusal, events: Queued[]): void {
    const name = events[index]?.collection ?? "";
    const kind = name + error_code;
    if (!error_code || warned.has(kind)) return;
    warned.add(kind);
    console.warn("millrace", name, message);
  }

  function remove(event: Queued): void {
    const index = queue.indexOf(event);
    if (index < 0) return;
    queue.splice(index, 1);
    queuedBytes -= event.bytes;
  }

  addEventListener("online", () => {
    failures = 0;
    wake(0);
  });

  return {
    queue,
    add(event) {
      // Without the page: on the wire it stands on its first event only.
      const bytes = bytesOf(JSON.stringify({ ...event, page: 0 }));
      queue.push({ ...event, bytes });
      for (queuedBytes += bytes; queuedBytes > QUEUE_BYTES; lost++) remove(queue.reduce(lessWorth));
      // During a back-off a fuller queue must not shorten the wait.
      if (timer === undefined || (!failures && !wait())) wake(wait());
    },
    clear() {
      queue.length = queuedBytes = 0;
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

/** The one to give up first: not in a request, worth less, older. */
function lessWorth(a: Queued, b: Queued): Queued {
  return !b.sending && (a.sending || worth(b) < worth(a)) ? b : a;
}

/** Without its view a page's visit does not exist; what measures the page says little alone; one that fills a request displaces many. */
function worth({ bytes, engaged, target, collection }: Queued): number {
  if (bytes > BODY_BYTES) return 0;
  if (engaged || target) return 1;
  return collection === "pageviews" ? 3 : 2;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
