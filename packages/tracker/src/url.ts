/**
 * The query parameters that say where a visit came from: the campaign's, and the click ids of advertisers. All others are dropped
 * before anything leaves the browser: they carry search terms, e-mail addresses and session tokens far more often than anything
 * worth counting. Click ids are known by their ending here; the server keeps those of its list (core/source/arrival.ts).
 */
const ARRIVAL = /[?&](utm_\w+|ref|(gad_)?source|srsltid|\w+(clk?|fat_)id|[gw]braid)(?![^=&])[^&]*/gi;

/** Longer URLs are cut: the server refuses a string beyond 10,000 characters, and no report can show one. */
const LONGEST = 2000;

/**
 * Origin and path of a URL, without user and fragment, and of its query what says where a visit came from, as it is written.
 * Empty for what is neither a page nor an app.
 */
export function cleanUrl(href: string): string {
  const [, scheme, path, query = ""] = /^((?:https?|android-app):\/\/)(?:[^/?#]*@)?([^?#]*)([^#]*)/.exec(href) ?? [];
  return scheme ? (scheme + path + (query.match(ARRIVAL) ?? []).join("").replace(/^./, "?")).slice(0, LONGEST) : "";
}
