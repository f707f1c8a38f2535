import { listen } from "../dom.ts";
import type { Part } from "../kit.ts";
import { safely } from "../safe.ts";
import { title } from "../wire.ts";

/** More page changes than this within {@link LIMIT_WINDOW} are a router in a loop, not a reader. */
const LIMIT_PAGES = 50;
const LIMIT_WINDOW = 10_000;

/** Routers set the title a moment after the URL, ms. */
const TITLE_DELAY = 50;

/** Single-page navigation: another page begins when the address becomes that of another page. To tidy an address is none. */
export const navigation: Part = (kit) => () => {
  const { _enter } = kit;
  let current: string;
  let room = LIMIT_PAGES;

  const identity = () => {
    const { u, r } = kit._locate(location.href);
    // Two addresses of one page may differ in a slash or `index.html` at the end, and parameters that say where a visit came from.
    return u.replace(/\/?(index\.\w+)?(\?.*)?$/, "").toLowerCase() + r;
  };

  kit._enter = (...given) => {
    _enter(...given);
    const { _page } = kit;
    current = identity();
    setTimeout(() => {
      if (kit._page === _page) _page.T = title();
    }, TITLE_DELAY);
  };

  const check = () =>
    safely(() => {
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
    listen("popstate", check);
  }
};
