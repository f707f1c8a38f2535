import { readArrival } from "@millrace/core";
import { fill, type Step } from "./enrichment.ts";

/**
 * Host, path, query and campaign parameters of the page, from its URL, unless ingest has taken it apart already. What is not an
 * http(s) URL leaves no trace.
 */
export const pageUrl: Step = {
  name: "url",
  apply({ raw, context }) {
    if (context.page_path !== undefined) return;
    const url = webUrl(raw.url) ?? pathAlone(raw.url);
    if (!url) return;
    if (url.origin !== NO_HOST) fill(context, "page_host", url.host);
    fill(context, "page_path", url.pathname);
    if (url.search.length <= 1) return;
    fill(context, "page_query", url.search.slice(1));
    const { utm } = readArrival(url.search);
    for (const part of ["source", "medium", "campaign", "term", "content"] as const)
      fill(context, `utm_${part}`, utm[part]);
  },
};

/** Stands in for a host that nobody knows, as in most access logs. */
const NO_HOST = "http://unknown.invalid";

function pathAlone(text: string | undefined): URL | undefined {
  return text?.startsWith("/") ? (URL.parse(text, NO_HOST) ?? undefined) : undefined;
}

/** Parses an http(s) URL; undefined for everything else. */
export function webUrl(text: string | null | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url : undefined;
}
