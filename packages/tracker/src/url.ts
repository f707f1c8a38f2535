/**
 * Query parameters that say where a visit came from. All others are dropped before anything leaves the browser: they carry
 * search terms, e-mail addresses and session tokens far more often than anything worth counting.
 */
const ALLOWED = /^(utm_.+|ref|source|dclid|fbclid|gbraid|gclid|li_fat_id|msclkid|ttclid|twclid|wbraid)$/;

/** Longer URLs are cut: the server refuses a string beyond 10,000 characters, and no report can show one. */
const LONGEST = 2000;

/** Origin and path of a URL, without user, query and fragment. Empty for what is not an http(s) URL. */
export function bareUrl(href: string): string {
  return /^https?:/.test(href) ? href.replace(/[?#].*/s, "").replace(/\/\/[^/]*@/, "//") : "";
}

/** {@link bareUrl} plus the allowed query parameters, as they were written. Empty for what is not an http(s) URL. */
export function cleanUrl(href: string): string {
  const bare = bareUrl(href);
  const kept = (/\?([^#]*)/s.exec(href)?.[1] ?? "").split("&").filter((pair) => ALLOWED.test(pair.split("=")[0] ?? ""));
  return (bare && kept.length ? `${bare}?${kept.join("&")}` : bare).slice(0, LONGEST);
}
