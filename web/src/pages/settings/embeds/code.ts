import { commonClaims, type EmbedOptions } from "./options.ts";

/** The code to paste, for what was chosen on the page. */
export interface EmbedCode {
  /** Of the company's back end. */
  readonly server: string;
  /** Of a page without a build. */
  readonly element: string;
  readonly react: string;
}

/** @param url where Millrace is, such as `https://usage.example.com` */
export function embedCode(options: EmbedOptions, url: string): EmbedCode {
  const { property, origins, numeric } = options;
  const value = numeric ? "account.number" : "account.id";
  const filter = `[{ property_name: ${text(property)}, operator: "eq", property_value: ${value} }]`;
  const said = [
    "secret: process.env.MILLRACE_EMBED_SECRET",
    "customer: account.id",
    `filters: ${property === "" ? "[]" : filter}`,
    `origins: ${text(origins.length === 0 ? ["https://app.example.com"] : origins)}`,
    ...Object.entries(commonClaims(options)).map(([name, claim]) => `${name}: ${text(claim)}`),
  ];
  return {
    server: `import { embedToken } from "@millrace/client/server";

const token = await embedToken({
${said.map((line) => `  ${line},`).join("\n")}
});`,
    element: `<script type="module" src="${url}/assets/millrace-embed.js"></script>
<millrace-embed src="${url}" token-url="/usage-token"></millrace-embed>`,
    react: `import { UsageDashboard } from "@millrace/client/react";

const getToken = () => fetch("/usage-token", { method: "POST" }).then((answer) => answer.text());

<UsageDashboard url="${url}" getToken={getToken} />;`,
  };
}

/** As a line of JavaScript, the way a formatter writes it. */
function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${name}: ${text(each)}`)
    .join(", ")} }`;
}
