import { sourceOfHost } from "@millrace/core";
import { fill, type Step } from "./enrichment.ts";

/** Where a visitor was before: the host (an Android app's name for apps) and the path of the page. */
export interface Referrer {
  readonly host: string;
  readonly path: string;
}

/** Host and path of the referring page; explicit nulls when there is none or it is the same site. */
export const referrer: Step = {
  name: "referrer",
  apply({ raw, context }) {
    const from = parseReferrer(raw.referrer);
    if (!from) return;
    const inside = isSameSite(from.host, context.page_host);
    fill(context, "referrer_host", inside ? null : from.host);
    fill(context, "referrer_path", inside ? null : from.path);
  },
};

/** `$source`: utm_source as written, a known referrer's name, else its host. Nothing when none of them is there. */
export const source: Step = {
  name: "source",
  apply({ context }) {
    const host = context.referrer_host;
    fill(context, "source", context.utm_source ?? (host ? (sourceOfHost(host)?.name ?? host) : undefined));
  },
};

/** Reads http(s) and android-app referrers; undefined for anything else. `www.` is no part of who referred. */
export function parseReferrer(text: string | undefined): Referrer | undefined {
  const url = text ? URL.parse(text) : null;
  if (!url || !/^(?:https?|android-app):$/.test(url.protocol) || url.hostname === "") return undefined;
  return { host: withoutWww(url.host), path: url.pathname || "/" };
}

/**
 * The same site: equal hosts, or one a subdomain of the other (www.example.com, app.example.com and example.com are one
 * company). Two subdomains beside each other are two sites, because on shared hosts they are two owners.
 */
export function isSameSite(a: string, b: string | null | undefined): boolean {
  if (!b) return false;
  const x = withoutWww(a);
  const y = withoutWww(b);
  return x === y || x.endsWith(`.${y}`) || y.endsWith(`.${x}`);
}

function withoutWww(host: string): string {
  return host.startsWith("www.") ? host.slice(4) : host;
}
