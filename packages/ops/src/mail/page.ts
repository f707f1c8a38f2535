import { escapeHtml } from "@millrace/core";

/** A mail without its way: what it says. */
export interface MailBody {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What stands around the body of every mail of ours. */
export interface MailFrame {
  readonly heading: string;
  /** One line below it. */
  readonly lead: string;
  readonly notes: readonly string[];
  readonly link: { readonly href: string; readonly text: string } | undefined;
  /** Why somebody gets it. */
  readonly footer: string;
  readonly unsubscribe: string | undefined;
}

/**
 * For programs that show mail as a page of twenty years ago: tables, one column, no picture, no script, nothing that is loaded. Colours are said for
 * light and dark; a program that knows neither shows black on white.
 */
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; background: #f4f5f4; color: #1b1f1d; font: 15px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
.page { max-width: 560px; margin: 0 auto; padding: 28px 16px 36px; }
.card { background: #ffffff; border: 1px solid #dfe3e0; border-radius: 10px; padding: 24px; }
h1 { margin: 0; font-size: 20px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
.lead { margin: 2px 0 18px; color: #59635d; }
table { width: 100%; border-collapse: collapse; margin: 0 0 22px; }
th, td { padding: 7px 0; text-align: left; vertical-align: top; font-weight: 400; border-bottom: 1px solid #e8ebe9; }
.figures .label { color: #59635d; }
.figures .number { font-size: 18px; font-weight: 650; }
.number, .change { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-left: 14px; }
.change { width: 64px; color: #59635d; }
.up { color: #1a7340; } .down { color: #a63a1e; }
.list th { font-size: 13px; font-weight: 650; color: #59635d; }
.name { overflow-wrap: anywhere; }
.bar { height: 3px; margin-top: 4px; border-radius: 2px; background: #2b7a5d; }
pre { margin: 0 0 12px; padding: 10px 12px; border-radius: 6px; background: #f0f2f1; font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: #14684a; }
.open { margin: 4px 0 0; }
.open a { display: inline-block; padding: 9px 16px; border-radius: 7px; background: #14684a; color: #ffffff; text-decoration: none; font-weight: 600; }
.foot { margin: 18px 4px 0; font-size: 13px; color: #59635d; }
@media (prefers-color-scheme: dark) {
  body { background: #121514 !important; color: #e6eae8 !important; }
  .card { background: #1a1f1d !important; border-color: #2e3532 !important; }
  .lead, .figures .label, .list th, .change, .foot { color: #a3ada8 !important; }
  th, td { border-color: #2a312e !important; }
  .up { color: #67c796 !important; } .down { color: #ef9a80 !important; }
  .bar { background: #4fb08a !important; }
  pre { background: #232a27 !important; }
  a { color: #6cc9a3 !important; }
  .open a { background: #2f9a72 !important; color: #07130e !important; }
}`;

/** @param body HTML, in which everything from outside is escaped */
export function mailPage(frame: MailFrame, body: string): string {
  const { heading, lead, notes, link, footer, unsubscribe } = frame;
  const open = link && `<p class="open"><a href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>`;
  const end = unsubscribe && ` <a href="${escapeHtml(unsubscribe)}">Unsubscribe</a>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(heading)}</title>
<style>${STYLE}
</style>
</head>
<body>
<div class="page">
<div class="card">
<h1>${escapeHtml(heading)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${body}
${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("\n")}
${open ?? ""}
</div>
<p class="foot">${escapeHtml(footer)}${end ?? ""}</p>
</div>
</body>
</html>
`;
}

/** The same as text alone. */
export function mailText({ heading, lead, notes, link, footer, unsubscribe }: MailFrame, body: string): string {
  const parts = [
    `${heading}\n${lead}`,
    body,
    ...notes,
    link === undefined ? "" : `${link.text}: ${link.href}`,
    `-- \n${footer}${unsubscribe === undefined ? "" : `\nUnsubscribe: ${unsubscribe}`}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
