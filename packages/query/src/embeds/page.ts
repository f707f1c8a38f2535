import { escapeHtml } from "@millrace/core";

/** What an answer with the page of an embed says beside it. */
const ALWAYS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex",
};

/** Nothing inline, nothing from elsewhere, no form to send: the frame's code can ask its own origin, and nobody else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** What the page's code reads of it (web/src/embed/start.ts). */
export interface EmbedStart {
  readonly project: string;
  readonly token: string;
  readonly origins: readonly string[];
}

/**
 * The page that shows what a token lets see, in the pages of the token's origins and in no other. It holds no data: its code asks for that with
 * the token. Its scripts have names without a hash, because the function that answers does not know what the site was built to.
 */
export function embedPage({ origins, ...start }: EmbedStart, locale?: string): Response {
  return pageWith(
    `<meta name="millrace-embed" content="${escapeHtml(JSON.stringify({ origins, ...start }))}" />`,
    origins,
    locale,
  );
}

/** The same for a share link, of which only the reader's browser knows. */
export function sharePage(): Response {
  return pageWith("", []);
}

function pageWith(start: string, origins: readonly string[], locale?: string): Response {
  const head = `
    ${start}
    <link rel="stylesheet" href="/assets/embed.css" />
    <script type="module" src="/assets/embed.js"></script>`;
  const html = pageOf(head, "", locale);
  return new Response(html, { headers: { ...ALWAYS, "Content-Security-Policy": policyOf(origins) } });
}

/** Why there is nothing to see. It shows nothing of anybody, so whoever frames it may. */
export function embedRefusal(status: number, message: string): Response {
  const html = pageOf("", `<p>${escapeHtml(message)}</p>`);
  return new Response(html, {
    status,
    headers: { ...ALWAYS, "Content-Security-Policy": `${POLICY}; frame-ancestors *` },
  });
}

function policyOf(origins: readonly string[]): string {
  return `${POLICY}; frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(" ")}`;
}

/** @param locale of the token; the page's code chooses its language by it, before it knows anything else */
function pageOf(head: string, body = "", locale?: string): string {
  return `<!doctype html>
<html lang="en"${locale === undefined ? "" : ` data-locale="${escapeHtml(locale)}"`}>
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Usage</title>${head}
  </head>
  <body><div id="root">${body}</div></body>
</html>
`;
}
