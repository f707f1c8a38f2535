import { changeText, headlineOf, numberText, type RankedList, type ReportContent } from "./content.ts";
import { mailPage, mailText, type MailBody } from "../mail/page.ts";
import { escapeHtml } from "@millrace/core";

/** A report as a mail: its subject, and the same words as text and as HTML. @param footer why the reader gets it, and until when */
export function reportMail(content: ReportContent, footer: string, unsubscribe?: string): MailBody {
  const { heading, title, period, link, notes } = content;
  const html = [figuresOf(content), ...content.lists.map((list) => listOf(list, content.locale))].join("\n");
  const frame = {
    heading: heading === "" ? title : heading,
    lead: heading === "" ? period : `${title}, ${period}`,
    notes,
    link: link === undefined ? undefined : { href: link, text: "Open the dashboard" },
    footer,
    unsubscribe,
  };
  return {
    subject: headlineOf(content),
    text: mailText(frame, textOf(content)),
    html: mailPage(frame, html),
  };
}

function figuresOf({ figures, locale }: ReportContent): string {
  const rows = figures.map((figure) => {
    const change = changeText(figure, locale);
    const tone = change === "" || change === "same" ? "same" : figure.value > figure.before ? "up" : "down";
    return `<tr><th scope="row" class="label">${escapeHtml(figure.label)}</th><td class="number">${numberText(figure.value, locale)}</td><td class="change ${tone}">${escapeHtml(change)}</td></tr>`;
  });
  return rows.length === 0 ? "" : `<table class="figures">${rows.join("")}</table>`;
}

function listOf({ title, measure, rows }: RankedList, locale: string): string {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const body = rows.map(({ name, value }) => {
    const share = Math.round((value / most) * 100);
    return `<tr><td class="name">${escapeHtml(name)}<div class="bar" style="width:${share}%"></div></td><td class="number">${numberText(value, locale)}</td></tr>`;
  });
  return `<table class="list"><thead><tr><th scope="col" class="name">${escapeHtml(title)}</th><th scope="col" class="number">${escapeHtml(measure)}</th></tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function textOf({ figures, lists, locale }: ReportContent): string {
  const numbers = figures.map((figure) => {
    const change = changeText(figure, locale);
    return `${figure.label}: ${numberText(figure.value, locale)}${change === "" ? "" : ` (${change})`}`;
  });
  const tables = lists.map(({ title, measure, rows }) =>
    [
      `${title} (${measure.toLowerCase()})`,
      ...rows.map(({ name, value }) => `  ${numberText(value, locale)}  ${name}`),
    ].join("\n"),
  );
  return [numbers.join("\n"), ...tables].filter((part) => part !== "").join("\n\n");
}
