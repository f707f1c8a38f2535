/** A message for an incoming webhook. */
export interface SlackMessage {
  /** What notifications show, and clients without blocks. */
  readonly text: string;
  readonly blocks: readonly object[];
}

/** Slack takes 150 characters in a header, 3,000 in a section. */
const MOST_HEADER = 150;
const MOST_SECTION = 3_000;

export function slackHeader(text: string): object {
  return { type: "header", text: { type: "plain_text", text: cut(text, MOST_HEADER) } };
}

/** @param text escaped already, with Slack's own marks in it */
export function slackSection(text: string): object {
  return { type: "section", text: { type: "mrkdwn", text: text.slice(0, MOST_SECTION) } };
}

/** Text in Slack's markup: escaped, at most so long, and never cut in the middle of an escape, which Slack would not read. */
export function slackText(text: string, most: number): string {
  const escaped = escape(text.slice(0, most));
  const isWhole = escaped.length <= most && text.length <= most;
  return isWhole ? escaped : `${escaped.slice(0, most - 1).replace(/&[a-z]*$/, "")}…`;
}

/** @param text escaped already */
export function slackLink(href: string, text: string): string {
  return `<${escape(href)}|${text}>`;
}

/** Slack's three special characters; everything else is text. https://docs.slack.dev/messaging/formatting-message-text */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
