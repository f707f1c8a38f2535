import { listen } from "./safe.ts";
import { cleanUrl } from "./url.ts";

/** More automatic page changes than this within {@link LIMIT_WINDOW} are a router in a loop, not a reader. */
const LIMIT_PAGES = 50;
const LIMIT_WINDOW = 10_000;

/**
 * Runs `start` once a person can see the page: not while it is prerendered (it may never be shown) and not before a tab that
 * was opened in the background comes to the front.
 */
export function whenSeen(start: () => void): void {
  if (document.visibilityState === "visible" && !document.prerendering) return start();
  const events = ["visibilitychange", "prerenderingchange"] as const;
  const retry = () => {
    for (const type of events) document.removeEventListener(type, retry);
    whenSeen(start);
  };
  for (const type of events) document.addEventListener(type, retry);
}

/**
 * Calls `enter` when another page begins without a load: the URL changed (single-page navigation) or the page came back from
 * the back/forward cache. Two URLs that differ only in what {@link cleanUrl} drops are the same page: routers keep filters and
 * scroll positions there, and no report could tell them apart.
 */
export function observePages(enter: () => void): void {
  let current = cleanUrl(location.href);
  let windowStart = 0;
  let entered = 0;

  const check = () => {
    const url = cleanUrl(location.href);
    if (url === current) return;
    current = url;
    const now = performance.now();
    if (now - windowStart > LIMIT_WINDOW) {
      windowStart = now;
      entered = 0;
    }
    if (entered++ < LIMIT_PAGES) enter();
  };

  if (window.navigation) listen(navigation, "currententrychange", check);
  else {
    // Before the Navigation API (2026) pushState and replaceState told nobody.
    for (const method of ["pushState", "replaceState"] as const) {
      const original = history[method];
      history[method] = function (this: History, ...state) {
        original.apply(this, state);
        dispatchEvent(new Event(CHANGED));
      };
    }
    listen(window, CHANGED, check);
    listen(window, "popstate", check);
  }
  listen(window, "pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) enter();
  });
}

const CHANGED = "millrace:url";
