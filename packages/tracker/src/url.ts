/**
 * Query parameters that say where a visit came from: the campaign's, and the click ids of advertisers. All others are dropped
 * before anything leaves the browser: they carry search terms, e-mail addresses and session tokens far more often than anything
 * worth counting. The server keeps the same list, so a name that is added here must be added there.
 */
const ALLOWED = /^(utm_.*|ref|dclid|fbclid|gbraid|gclid|li_fat_id|msclkid|ttclid|twclid|wbraid|yclid)$/i;

/** Longer URLs are cut: the server refuses a string beyond 10,000 characters, and no report can show one. */
const LONGEST = 2000;

/** What comes before the query, what is in it, and the fragment, which is never looked at. */
const PARTS = /^(https?:\/\/)(?:[^/?#]*@)?([^?#]*)\??([^#]*)/;

/** Origin and path of a URL, without user, query and fragment. Empty for what is not an http(s) URL. */
export function bareUrl(href: string): string {
  const [, scheme = "", rest = ""] = PARTS.exec(href) ?? [];
  return (scheme + rest).slice(0, LONGEST);
}

/** {@link bareUrl} plus the allowed query parameters, as they were written. Empty for what is not an http(s) URL. */
export function cleanUrl(href: string): string {
  const kept =
    PARTS.exec(href)?.[3]
      ?.split("&")
      .filter((pair) => ALLOWED.test(pair.split("=")[0] ?? "")) ?? [];
  return (bareUrl(href) + (kept.length ? `?${kept.join("&")}` : "")).slice(0, LONGEST);
}
