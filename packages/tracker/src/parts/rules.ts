import type { Draft } from "../api.ts";
import { DEBUG, debug } from "../debug.ts";
import type { Part } from "../kit.ts";
import type { Page } from "../wire.ts";

/** What a site says of itself: which pages are which (`hash`, `query`, `canonical`), and what is recorded of them (`beforeSend`). */
export const rules: Part = (kit) => {
  const { hash, query, canonical, beforeSend } = kit._options;
  delete kit._options.beforeSend;
  return () => {
    const { _record, _enter, _locate } = kit;
    const loaded = location.href;
    const named = canonical !== undefined && document.querySelector<HTMLLinkElement>("link[rel=canonical]");
    const ours = new RegExp(`[?&](${query?.replaceAll(",", "|")})=[^&#]*${hash === undefined ? "" : "|#.*"}`, "g");
    let page: Page | undefined;

    kit._locate = (href) => ({
      ..._locate(named && href === loaded ? named.href + location.search : href),
      r: href.match(ours)?.join("").replace(/^&/, "?"),
    });

    if (!beforeSend) return;
    kit._enter = (view = kit._wants("page"), p, href) => {
      page = _enter(false, p, href);
      if (view && page.u) kit._record("pageviews", { p }, 3);
      return page;
    };
    // A hook that throws may be one that should have taken something out: then nothing is recorded.
    kit._record = (name, details, worth) =>
      kit._call(() => {
        const hook = (
          typeof beforeSend === "string" ? Reflect.get(window, beforeSend) : beforeSend
        ) as typeof beforeSend;
        const draft = hook({ name, url: page?.u ?? "", properties: details.p as Draft["properties"] });
        if (DEBUG && !draft) debug("left out by beforeSend", name);
        if (!draft) return;
        if (page) page.u = draft.url;
        _record(draft.name, { ...details, p: draft.properties }, worth);
      });
  };
};
