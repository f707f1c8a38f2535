import { appReferrer, isArrivalParameter, LIMITS, readArrival, type Context as EventContext } from "@millrace/core";

/** A page address without what may be personal: no user, no fragment, only allowed query parameters. */
export interface ReducedUrl {
  /** Scheme, host, path and allowed query; without a host it is the path and query alone. */
  readonly url: string;
  readonly host?: string;
  readonly path: string;
  /** As in the URL, without the question mark. */
  readonly query?: string;
}

/** Stands in for an unknown host, so that a path alone can be parsed. */
const NO_HOST = "http://unknown.invalid";

/**
 * @param text an absolute URL, or a path
 * @param base the page that sent it, which gives a path its host
 * @returns undefined for anything but http and https, and for what is too long even so (escapes make text grow). And for nothing: a
 *   page without an address of its own (`srcdoc`, a saved copy) is none of the site's, least of all its home page
 */
export function reduceUrl(text: string, base?: string): ReducedUrl | undefined {
  if (text.trim() === "") return undefined;
  const parsed = parse(text, base === undefined || !URL.canParse(base) ? NO_HOST : base);
  if (!parsed || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) return undefined;
  // Names, e-mail addresses and tokens live in query strings: what does not say where a visit came from is dropped here.
  const kept = parsed.search
    .slice(1)
    .split("&")
    .filter((parameter) => isArrivalParameter(parameter.split("=", 1)[0] ?? ""));
  const query = kept.length > 0 ? kept.join("&") : undefined;
  const tail = query === undefined ? parsed.pathname : `${parsed.pathname}?${query}`;
  const hostKnown = parsed.origin !== NO_HOST;
  const url = hostKnown ? parsed.origin + tail : tail;
  if (url.length > LIMITS.urlChars) return undefined;
  return {
    url,
    ...(hostKnown && { host: parsed.host }),
    path: parsed.pathname,
    ...(query !== undefined && { query }),
  };
}

/** What begins with two slashes is a path that somebody mistyped or a scanner made up: read as a URL it would name another host. */
function parse(text: string, base: string): URL | null {
  return /^[/\\]{2}/.test(text) ? URL.parse(new URL(base).origin + text) : URL.parse(text, base);
}

/** A referrer reduced like a page's address; an app's is its name and path. @param base the page it referred to */
export function reduceReferrer(text: string, base?: string): string | undefined {
  return appReferrer(text)?.slice(0, LIMITS.stringChars) ?? reduceUrl(text, base)?.url;
}

/** The one standard field that an origin gives: it says nothing of the page. */
export function hostContext({ host }: ReducedUrl): EventContext {
  return host === undefined ? {} : { page_host: host };
}

/** The standard fields of a page address. */
export function pageContext(page: ReducedUrl): EventContext {
  const context: EventContext = { ...hostContext(page), page_path: page.path };
  if (page.query === undefined) return context;
  context.page_query = page.query;
  const { utm } = readArrival(page.query);
  for (const part of ["source", "medium", "campaign", "term", "content"] as const) {
    const value = utm[part];
    if (value !== undefined) context[`utm_${part}`] = value;
  }
  return context;
}

/** What was clicked, without query and fragment. */
export function targetWithoutQuery(target: string): string {
  return target.replace(/[?#].*$/s, "");
}
