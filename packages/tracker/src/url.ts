/**
 * Query parameters that say where a visit came from: the campaign's, and the click ids of advertisers. All others are dropped
 * before anything leaves the browser: they carry search terms, e-mail addresses and session tokens far more often than anything
 * worth counting. Click ids are known by their ending here; the server keeps those of its list (core/source/arrival.ts).
 */
const ALLOWED = /^(utm_.*|ref|(gad_)?source|srsltid|\w+clk?id|[gw]braid|li_fat_id)$/i;

/** Longer URLs are cut: the server refuses a string beyond 10,000 characters, and no report can show one. */
const LONGEST = 2000;

/** What comes before the query, what is in it, and the fragment, which is never looked at. Apps refer under a scheme of their own. */
const PARTS = /^((?:https?|android-app):\/\/)(?:[^/?#]*@)?([^?#]*)\??([^#]*)/;

/** Origin and path of a URL, without user, query and fragment. Empty for what is neither a page nor an app. */
export function bareUrl(href: string): string {
  const [, scheme = "", rest = ""] = PARTS.exec(href) ?? [];
  return (scheme + rest).slice(0, LONGEST);
}

/** {@link bareUrl} plus the allowed query parameters, as they were written. */
export function cleanUrl(href: string): string {
  const kept =
    PARTS.exec(href)?.[3]
      ?.split("&")
      .filter((pair) => ALLOWED.test(pair.split("=")[0] ?? "")) ?? [];
  return (bareUrl(href) + (kept.length ? `?${kept.join("&")}` : "")).slice(0, LONGEST);
}
