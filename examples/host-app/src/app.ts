import { embedToken } from "@millrace/client/server";
import { Hono } from "hono";
import { CUSTOMERS, customerOf } from "./customers.ts";

export interface HostAppOptions {
  /** Where Millrace is. */
  readonly millraceUrl: string;
  /** The project's embed secret. It never leaves this server. */
  readonly embedSecret: string;
  /** Where this app is, as a browser sees it: the only place where the embeds may be shown. */
  readonly origin: string;
  /** The account page's code. */
  readonly script: string;
  /** Seconds that a token is good for. Default: as the SDK has it. */
  readonly tokenSeconds?: number;
}

/** A company's own web app, with its customers' usage on their account pages. */
export function createHostApp({ millraceUrl, embedSecret, origin, script, tokenSeconds }: HostAppOptions): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("Content-Security-Policy", policyFor(millraceUrl));
  });
  app.get("/", (c) => c.html(pageOf("Accounts", { customers: CUSTOMERS, millraceUrl })));
  app.get("/accounts/:id", (c) => {
    const customer = customerOf(c.req.param("id"));
    return customer ? c.html(pageOf(customer.name, { customers: [customer], millraceUrl })) : c.notFound();
  });
  // A real app knows from the session who asks; here the path says it, so that two can be seen side by side.
  app.post("/accounts/:id/usage-token", async (c) => {
    const customer = customerOf(c.req.param("id"));
    if (!customer) return c.notFound();
    const token = await embedToken({
      secret: embedSecret,
      customer: customer.id,
      filters: [{ property_name: "account", operator: "eq", property_value: customer.id }],
      operations: ["view", "export", "reports"],
      // Whoever is signed in; a real app knows their address.
      recipients: [`usage@${customer.id}.example`],
      origins: [origin],
      accent: customer.accent,
      ...(tokenSeconds !== undefined && { expiresIn: tokenSeconds }),
    });
    return c.text(token);
  });
  app.get("/account.js", (c) => c.body(script, 200, { "Content-Type": "text/javascript; charset=utf-8" }));
  app.get("/account.css", (c) => c.body(STYLE, 200, { "Content-Type": "text/css; charset=utf-8" }));
  return app;
}

/** All that an embed asks of its host's policy: its frame, and the form that opens it. */
function policyFor(millraceUrl: string): string {
  return `default-src 'self'; style-src 'self'; img-src data:; frame-src ${millraceUrl}; form-action 'self' ${millraceUrl}`;
}

function pageOf(title: string, data: object): string {
  const content = JSON.stringify(data).replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/account.css" />
    <script type="module" src="/account.js"></script>
  </head>
  <body><div id="root" data-account="${content}"></div></body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2129, #e8eaed); --ground: light-dark(#fafafa, #101216); }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { padding: 20px 24px 0; }
h1 { margin: 0; font-size: 20px; }
h2 { margin: 0 0 4px; font-size: 18px; }
p { margin: 0 0 16px; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 24px 32px; padding: 24px; }
section { min-width: 0; }
@media (max-width: 500px) { header { padding: 16px 12px 0; } main { padding: 16px 12px; } }
`;
