import { isOn, type Draft } from "../api.ts";
import { DEBUG, debug } from "../debug.ts";
import type { Part } from "../kit.ts";

/** What a site says of itself: which pages are which (`hash`, `query`, `canonical`), and what is recorded of them (`beforeSend`). */
export const rules: Part = (kit) => {
  const { hash, query, canonical, beforeSend } = kit._options;
  delete kit._options.beforeSend;
  return () => {
    const { _record, _locate } = kit;
    const loaded = location.href;
    const named = isOn(canonical) && document.querySelector<HTMLLinkElement>("link[rel=canonical]");
    const ours = new RegExp(`[?&](${query?.replaceAll(",", "|")})=[^&#]*${isOn(hash) ? "|#.*" : ""}`, "g");

    kit._locate = (href) => ({
      ..._locate(named && href === loaded ? named.href + location.search : href),
      r: href.match(ours)?.join("").replace(/^&/, "?"),
    });

    if (!beforeSend) return;
    // A hook that throws may be one that should have taken something out: then nothing is recorded.
    kit._record = (name, details, worth) =>
      kit._call(() => {
        const hook = (
          typeof beforeSend === "string" ? Reflect.get(window, beforeSend) : beforeSend
        ) as typeof beforeSend;
        const draft = hook({ name, url: kit._page.u, properties: details.p as Draft["properties"] });
        if (DEBUG && !draft) debug("left out by beforeSend", name);
        if (!draft) return;
        kit._page.u = draft.url;
        _record(draft.name, { ...details, p: draft.properties }, worth);
      });
  };
};
