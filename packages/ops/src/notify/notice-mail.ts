import { escapeHtml } from "@millrace/core";
import { mailPage, mailText, type MailBody } from "../mail/page.ts";
import { headlineOf, lastedText, WORDS, type Notice } from "./slack-message.ts";

/**
 * Notices as a mail: the words of the message for Slack.
 * @param from who sends it: the stage, the machine or the project
 */
export function noticeMail(notices: readonly Notice[], from: string, footer: string, unsubscribe?: string): MailBody {
  const [first] = notices;
  const frame = {
    heading: from,
    lead: headlineOf(notices),
    notes: [],
    link:
      notices.length === 1 && first?.link !== undefined ? { href: first.link, text: "Open the dashboard" } : undefined,
    footer,
    unsubscribe,
  };
  return {
    subject: `${from}: ${headlineOf(notices)}`,
    text: mailText(frame, notices.map((notice) => linesOf(notice).join("\n")).join("\n\n")),
    html: mailPage(frame, notices.map(htmlOf).join("\n")),
  };
}

function linesOf({ title, severity, at, facts, why, todo, command, ...notice }: Notice): string[] {
  const state = `${title}: ${WORDS[severity]}${lastedText({ severity, ...notice })}, since ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const next = severity === "ok" ? [] : [why, todo === "" ? "" : `Next: ${todo}`, command ?? ""];
  return [state, facts ?? "", ...next].filter((line) => line !== "");
}

function htmlOf(notice: Notice): string {
  const [state = "", ...lines] = linesOf(notice);
  const body = lines.map((line) =>
    line === notice.command ? `<pre>${escapeHtml(line)}</pre>` : `<p>${escapeHtml(line)}</p>`,
  );
  return [`<p><strong>${escapeHtml(state)}</strong></p>`, ...body].join("\n");
}
