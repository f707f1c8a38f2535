import type { Part } from "../kit.ts";
import type { Page } from "../wire.ts";

/** More page changes than this within {@link LIMIT_WINDOW} are a router in a loop, not a reader. */
const LIMIT_PAGES = 50;
const LIMIT_WINDOW = 10_000;

/** Routers set the title a moment after the URL, ms. */
const TITLE_DELAY = 50;

/** What two addresses of one page may differ in: a slash or `index.html` at the end, and parameters that say where a visit came from. */
const SPELLING = /\/?(index\.\w+)?(\?.*)?$/;

/** Single-page navigation: another page begins when the address becomes that of another page. To tidy an address is none. */
export const navigation: Part = (kit) => () => {
  const { _enter } = kit;
  let page: Page;
  let current: string;
  let room = LIMIT_PAGES;

  const identity = () => {
    const { u, r } = kit._locate(location.href);
    return u.replace(SPELLING, "").toLowerCase() + r;
  };

  kit._enter = (...given) => {
    const entered = (page = _enter(...given));
    current = identity();
    setTimeout(() => {
      if (page === entered) page.T = document.title;
    }, TITLE_DELAY);
    return page;
  };

  const check = () =>
    kit._call(() => {
      if (!room || current === identity()) return;
      room--;
      setTimeout(() => room++, LIMIT_WINDOW);
      kit._enter();
    });
  if (window.navigation) window.navigation.addEventListener("currententrychange", check);
  else {
    // Before the Navigation API (2026) pushState and replaceState told nobody.
    for (const method of ["pushState", "replaceState"] as const) {
      const original = history[method];
      history[method] = function (this: History, ...state) {
        original.apply(this, state);
        check();
      };
    }
    kit._listen("popstate", check);
  }
};
