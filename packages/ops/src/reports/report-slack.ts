import { slackHeader, slackLink, slackSection, slackText, type SlackMessage } from "../notify/slack-text.ts";
import { changeText, headlineOf, numberText, type Figure, type RankedList, type ReportContent } from "./content.ts";

/** Rows of a list in a chat: who wants more opens the dashboard. Slack takes some 13,000 characters in all. */
const ROWS = 5;
const MOST = { name: 80, note: 300, headline: 300 } as const;

/** A report as a message for an incoming webhook of Slack. */
export function reportSlack(content: ReportContent): SlackMessage {
  const { heading, title, period, figures, lists, notes, link, locale } = content;
  const parts = [
    figures.map((figure) => figureOf(figure, locale)).join("\n"),
    ...lists.map((list) => listOf(list, locale)),
    ...notes.map((note) => slackText(note, MOST.note)),
    link === undefined ? "" : slackLink(link, "Open the dashboard"),
  ];
  return {
    text: slackText(headlineOf(content), MOST.headline),
    blocks: [
      slackHeader(heading === "" ? `${title}, ${period}` : `${heading}: ${title.toLowerCase()}, ${period}`),
      ...parts.filter((part) => part !== "").map((part) => slackSection(part)),
    ],
  };
}

function figureOf(figure: Figure, locale: string): string {
  const change = changeText(figure, locale);
  return `*${figure.label}* ${numberText(figure.value, locale)}${change === "" ? "" : `  (${change})`}`;
}

function listOf({ title, measure, rows }: RankedList, locale: string): string {
  const lines = rows
    .slice(0, ROWS)
    .map(({ name, value }) => `${numberText(value, locale)}  ${slackText(name, MOST.name)}`);
  return [`*${title}, ${measure.toLowerCase()}*`, ...lines].join("\n");
}
