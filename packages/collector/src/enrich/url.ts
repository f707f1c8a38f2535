import { fill, type Enrichment, type Step } from "./enrichment.ts";

const UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"] as const;

/** Host, path, query and campaign parameters of the page, from its URL. What is not an http(s) URL leaves no trace. */
export const pageUrl: Step = {
  name: "url",
  apply({ raw, context }) {
    const url = webUrl(raw.url);
    if (!url) return;
    fill(context, "page_host", url.host);
    fill(context, "page_path", url.pathname);
    if (url.search.length <= 1) return;
    fill(context, "page_query", url.search.slice(1));
    for (const column of UTM) fill(context, column, url.searchParams.get(column) || undefined);
  },
};

/** The parameters of the page's URL: of the stored query, which is all that is left of a URL parsed at ingest. */
export function pageParameters({ context }: Enrichment): URLSearchParams {
  return new URLSearchParams(context.page_query ?? "");
}

/** Parses an http(s) URL; undefined for everything else. */
export function webUrl(text: string | null | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url : undefined;
}
