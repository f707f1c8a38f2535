import { ofDocument } from "./dom.ts";
import { cleanUrl } from "./url.ts";

/**
 * One page in this document load; single-page navigation and a return from the back/forward cache begin a new one. As all names on the
 * wire, these are letters: every visitor downloads each of them, and sends them with every batch.
 */
export interface Page {
  /** Number in this load, from 1. */
  g: number;
  /** URL, reduced; empty for a document without an address of its own. */
  u: string;
  /** What tells pages of one path apart on a site that says so: parameters, or a fragment that is a route. */
  r?: string | undefined;
  /** Title. */
  T: string;
}

/** What an event may say beside its name. */
export interface Details {
  /** Custom properties. */
  p?: unknown;
  /** Increment of engaged time, ms. */
  m?: number;
  /** Increment of scroll depth, percent of the page's height. */
  y?: number;
  /** What was clicked, submitted or copied. */
  x?: string;
  /** Id of the widget it is about, with its version and placement. */
  w?: string;
  V?: string | undefined;
  P?: string | undefined;
  /** What the widget did or what was done with it. */
  a?: string;
  /** How long that took, ms. */
  L?: number | undefined;
}

/** One event between its recording and the server's answer. Names that begin with `_` never leave the bundle and are shortened in it. */
export interface Queued {
  /** `q`, with the load's id the identity of the event, never changes; `n` is the collection; `t`, here, `Date.now()` when it happened. */
  readonly _event: Details & { q: number; n: string; t: number };
  readonly _page: Page;
  /** The least goes first when not all can stay. */
  readonly _worth: number;
  _user: string | undefined;
  /** About its share of a request, UTF-8. */
  readonly _bytes: number;
}

/** What a browser says of itself beside its name. */
export interface Hints {
  /** Whether a program drives it. */
  b?: boolean | undefined;
  /** How many fingers its screen feels: a tablet may call itself a desktop computer. */
  p?: number | undefined;
  /** Version of the system, which newer browsers leave out of their names. */
  h?: string | undefined;
}

/** The document's title. */
export const title = (): string => ofDocument("title");

/**
 * The body of one request. Times are sent as ages (ms before the send time), so the server can tell a wrong clock from an old
 * event. A page's URL and title stand on its first event in the batch. `undefined` values leave no trace in JSON.
 * @param base what all of this load have in common: version, key and load id
 * @param entries at least one, all of the same user
 * @param lost events of this load that were given up since the server last heard of any
 */
export function encode(base: object, hints: Hints, entries: readonly Queued[], lost: number): string {
  const now = Date.now();
  let lastPage: Page;
  return stringify({
    ...base,
    s: now,
    l: lost || undefined,
    c: {
      l: navigator.language,
      z: Intl.DateTimeFormat().resolvedOptions().timeZone,
      w: [screen.width, screen.height, innerWidth, innerHeight],
      r: cleanUrl(ofDocument("referrer")) || undefined,
      ...hints,
    },
    d: { id: entries[0]?._user },
    e: entries.map(({ _event, _page }) => {
      const page = _page === lastPage ? { g: _page.g } : (lastPage = _page);
      return { ..._event, t: Math.max(0, now - _event.t), ...page };
    }),
  });
}

/**
 * JSON of `value` as it is, although the page may have put a `toJSON` on lists, texts and numbers (an old library did, and made texts
 * of lists). Objects keep theirs: dates need it.
 */
export function stringify(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, converted: unknown) {
    const plain = this[key];
    return Array.isArray(plain) || /^[ns]/.test(typeof plain) ? plain : converted;
  });
}

/** A copy that shares nothing with `value`, of what JSON can hold of it. */
export const copied = <Value>(value: Value): Value => JSON.parse(stringify(value)) as Value;
