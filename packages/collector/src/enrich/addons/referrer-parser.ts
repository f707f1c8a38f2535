import { isSameSite, parseReferrer, sourceOfHost, type SourceKind } from "@millrace/core";
import { webUrl } from "../url.ts";
import { textOf, type Addon } from "./addon.ts";

const MEDIUMS: Partial<Record<SourceKind, string>> = { search: "SEARCH", social: "SOCIAL", email: "EMAIL" };

/** Names search engines give the words searched for, where they still tell. */
const TERM_PARAMETERS = ["q", "query", "p", "text", "wd", "search", "keyword"];

/** `keen:referrer_parser`: what kind of site referred. A malformed URL in either input gives blank (null) members. */
export const referrerParser: Addon = {
  inputs: ["referrer_url", "page_url"],
  run({ referrer_url, page_url }) {
    const page = webUrl(textOf(page_url));
    const text = textOf(referrer_url);
    const from = parseReferrer(text);
    if (!page || !from) return { medium: null, source: null, term: null };
    if (isSameSite(from.host, page.host)) return { medium: "INTERNAL" };
    const known = sourceOfHost(from.host);
    const term = known?.kind === "search" ? termOf(webUrl(text)) : undefined;
    return {
      medium: (known && MEDIUMS[known.kind]) ?? "UNKNOWN",
      ...(known && { source: known.name }),
      ...(term !== undefined && { term }),
    };
  },
};

function termOf(url: URL | undefined): string | undefined {
  for (const name of TERM_PARAMETERS) {
    const term = url?.searchParams.get(name);
    if (term) return term;
  }
  return undefined;
}
