/** The parts of the tracker's script that can be left out, in the order of its name (docs/tracker.md, "Parts"). */
const PARTS = ["actions", "errors", "rules", "scroll", "vitals", "widgets"] as const;

export type PartName = (typeof PARTS)[number];

/** The tag that a page needs in its head. Its name says which parts come with it; none: what every page has. */
export function scriptTag(origin: string, key: string, parts: readonly PartName[]): string {
  const name = ["t", ...PARTS.filter((part) => parts.includes(part)), "js"].join(".");
  return `<script defer src="${origin}/${name}" data-key="${key}"></script>`;
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const THIS_MACHINE = /^(?:localhost|127\.[\d.]+|\[::1\])(?=[:/?#]|$)/i;

/**
 * The page that somebody wants to see recorded, from what they typed: an address, or a host alone.
 * Undefined for what leads to no page of the web.
 */
export function pageToCheck(typed: string): URL | undefined {
  const text = typed.trim();
  // Chromium takes a host with spaces, escaped; the URL standard does not.
  if (/\s/.test(text)) return undefined;
  const page = URL.parse(SCHEME.test(text) ? text : `${THIS_MACHINE.test(text) ? "http" : "https"}://${text}`);
  return page && (page.protocol === "https:" || page.protocol === "http:") ? page : undefined;
}
