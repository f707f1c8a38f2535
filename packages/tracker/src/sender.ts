import { DEBUG, debug } from "./debug.ts";
import { warn } from "./safe.ts";
import { stringify, type Page, type Queued } from "./wire.ts";

/** A batch goes out at this many events … */
const BATCH_EVENTS = 30;
/** … or this many bytes, so that what waits and what is in flight are together less than a page may send while it leaves … */
const BATCH_BYTES = 24_000;
/** … or this long after its first one, ms. */
const BATCH_WAIT = 4000;
/**
 * UTF-8 bytes kept until the server has them: thousands of events, so that neither a burst nor an outage of hours cuts what a page
 * records, and a page in a loop does not fill its visitor's memory.
 */
const QUEUE_BYTES = 1_000_000;
const FIRST_BACKOFF = 1000;
/** An endpoint that is blocked is tried as long as the page lives; more often would only cost battery. */
const LONGEST_BACKOFF = 300_000;
/** What a server may ask for with Retry-After, ms. */
const LONGEST_RETRY_AFTER = 3_600_000;
/**
 * UTF-8 bytes of a request's events, each weighed with its page: less than the 500 events that the server takes.
 * Twice as much may outlive the page: browsers refuse keepalive requests beyond 64 KiB in flight per page, all scripts together.
 */
const BODY_BYTES = 27_000;
const KEPT_ALIVE = 2;

export interface Sender {
  /**
   * @param event see {@link Queued}
   * @param worth 3 for a page view, 2 for what the site says itself, 1 for what measures the page: the least goes first when not all can
   * stay
   */
  _add: (event: Queued["_event"], page: Page, worth: number, user: string | undefined) => void;
  /** Posts everything that is not in a request already. Never rejects. */
  _drain: () => Promise<unknown>;
  /** Forgets everything not yet acknowledged. */
  _clear: () => void;
  /** Everything that waits, in order. */
  _waiting: () => readonly Queued[];
}

/** The server's word: what it refused, one event of the batch or all of it, and why. */
interface Answer {
  message?: string;
  refused?: { message?: string }[];
}

/**
 * The queue between the page and the server. An event is gone from it for good when a request that held it was answered: accepted, or
 * refused for good. Until then it is sent again under the same identity, so delivery is at least once, and the server's
 * deduplication makes it once. While the page is seen, one request is in flight at a time.
 * @param encode makes a body of events, and of the number of those that were given up since the server last heard of any
 */
export function createSender(endpoint: string, encode: (entries: readonly Queued[], lost: number) => string): Sender {
  const requests = new Set<Promise<void>>();
  const warned: Record<string, boolean> = {};
  let queue: Queued[] = [];
  let failures = 0;
  let lost = 0;
  let limit = BODY_BYTES;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const bytes = () => queue.reduce((sum, entry) => sum + entry._bytes, 0);

  const wait = () => (queue.length < BATCH_EVENTS && bytes() < BATCH_BYTES ? BATCH_WAIT : 0);

  const wake = (delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      if (queue[0] && !requests.size && navigator.onLine) send();
    }, delay);
  };

  /** Posts the first of the waiting events, as many as fit one request. */
  const send = () => {
    const from = queue;
    const told = lost;
    let room = limit;
    let count = 0;
    for (const { _user, _bytes } of from) {
      if (_user !== queue[0]?._user || (count && room < _bytes)) break;
      room -= _bytes;
      count++;
    }
    const entries = from.slice(0, count);
    const body = encode(entries, told);

    const post = async () => {
      // Until there is one, and where a page's own fetch gives none.
      let response = {} as Response;
      let said: Answer = {};
      try {
        // A string body and no header of our own: a "simple" request, which needs no preflight. Kept alive also while the page is
        // seen: it may be closed before the answer. Beyond the quota a request may still succeed, if the tab was only hidden.
        const options: RequestInit = {
          method: "POST",
          body,
          keepalive: requests.size < KEPT_ALIVE && body.length < 2 * BODY_BYTES,
          credentials: "omit",
        };
        response = Object(await fetch(endpoint, options));
        said = Object(await response.json());
      } catch {
        // No network, or an answer that CORS hides: both look the same, and both are retried. Or an answer that is not ours.
        // A page's own fetch may fail at once: what it did not send must not wait again before this turn is over.
        await (0 as unknown);
      }
      const { status } = response;
      if (DEBUG) debug(`server: ${status ?? "no answer"}`, said, JSON.parse(body));
      // Where only the answer was lost, the number is told twice: rather too many than too few.
      if (!response.ok) lost += told;
      // The "u" is of "undefined".
      if ((status === 413 && count > 1) || /^([u05]|408|425|429)/.test(`${status}`)) {
        // Not into the queue of one who opted out meanwhile.
        from.unshift(...entries);
        if (status === 413) limit = (limit - room) / 2;
        // Full jitter, so that the clients of a server that comes back do not arrive together.
        const backoff = Math.random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** failures++);
        const retryAfter = Number(response.headers?.get("retry-after")) * 1000 || 0;
        wake(Math.max(backoff, Math.min(retryAfter, LONGEST_RETRY_AFTER)));
      } else {
        // What Millrace refuses it has counted itself; a firewall in front of it has not.
        if (!response.ok && !said.message) lost += count;
        failures = 0;
        if (queue[0]) wake(wait());
        // Names each kind of mistake once.
        for (const { message } of said.refused ?? [said]) {
          if (message) warned[message] ??= warn(message) ?? true;
        }
      }
    };
    // An answer that is not ours may hold anything.
    const request = post()
      .catch(warn)
      .finally(() => requests.delete(request));
    requests.add(request);
    // Only now that the browser has it: Firefox stops what a page is doing, anywhere, when its tab is closed, and then tells the page once
    // more that it is hidden. Sent twice is stored once; what waits in neither place is gone.
    from.splice(0, count);
    lost -= told;
    if (told) warn(told, "lost");
  };

  return {
    _waiting: () => queue,
    _add(_event, _page, worth, _user) {
      const _bytes = new Blob([stringify({ ..._event, ..._page })]).size;
      // One that fills a request would displace many.
      queue.push({ _event, _page, _user, _bytes, _worth: _bytes > BODY_BYTES ? 0 : worth });
      for (; bytes() > QUEUE_BYTES; lost++) {
        queue.splice(queue.indexOf(queue.reduce((least, each) => (each._worth < least._worth ? each : least))), 1);
      }
      // During a back-off a fuller queue must not shorten the wait.
      if (!timer || (!failures && !wait())) wake(wait());
    },
    _clear() {
      queue = [];
    },
    _drain() {
      while (queue[0]) send();
      return Promise.all(requests);
    },
  };
}
