import { hash } from "node:crypto";

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:18vh auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}`;
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex",
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${hash("sha256", STYLE, "base64")}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
};

/** Asks once more: a link in a mail is also opened by programs. It is the same page whatever the link holds. */
export function unsubscribePage(): Response {
  return page(
    "Unsubscribe",
    `<p>You will get no more of these mails.</p><form method="post"><button>Unsubscribe</button></form>`,
  );
}

/** The same words whether there was something to end or not. */
export function unsubscribedPage(): Response {
  return page("Unsubscribed", `<p>You will get no more of these mails. One that is on its way may still arrive.</p>`);
}

function page(title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`;
  return new Response(html, { headers: HEADERS });
}
