/** What the server wrote into the page (packages/query/src/embeds/page.ts): whose token it is, and which pages may hold this one. */
export interface Start {
  readonly project: string;
  readonly token: string;
  readonly origins: readonly string[];
}

const LINK = /^#(share-([0-9a-f]{24})[0-9a-f]{48})$/;

/**
 * A share link stands in the fragment, which no server sees; it opens by itself, so that no page may hold it.
 * @throws Error when there is neither
 */
export function readStart(): Start {
  const meta = document.querySelector('meta[name="millrace-embed"]');
  const text = meta?.getAttribute("content");
  const [, token, project] = LINK.exec(location.hash) ?? [];
  if (!text && token && project) return { token, project, origins: [] };
  if (!text) throw new Error("This address is not whole: what stands behind its # is missing.");
  // What stands in the page could be copied with it.
  meta?.remove();
  return JSON.parse(text) as Start;
}
