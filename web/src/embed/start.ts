/** What the server wrote into the page (packages/query/src/embeds/page.ts): whose token it is, and which pages may hold this one. */
export interface Start {
  readonly project: string;
  readonly token: string;
  readonly origins: readonly string[];
}

/** @throws Error when the page was opened past the server's own answer */
export function readStart(): Start {
  const meta = document.querySelector('meta[name="millrace-embed"]');
  const text = meta?.getAttribute("content");
  if (!text) throw new Error("There is no token here.");
  // What stands in the page could be copied with it.
  meta?.remove();
  return JSON.parse(text) as Start;
}
