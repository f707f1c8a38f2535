import type { HealthCheck } from "../health/check.ts";
import { CHECKS, type CheckName } from "../health/checks.ts";
import type { Severity } from "../health/evaluate.ts";
import { slackHeader, slackLink, slackSection, slackText, type SlackMessage } from "./slack-text.ts";

/** A change of state, whoever saw it: our own evaluator, or an alarm of CloudWatch. */
export interface Notice {
  readonly title: string;
  readonly severity: Severity;
  /** When it became so, milliseconds UTC. */
  readonly at: number;
  /** How long the state before it lasted, of a recovery how long it was bad. */
  readonly lastedMs?: number | undefined;
  /** Facts of this time: the value, which hours. */
  readonly facts?: string | undefined;
  readonly why: string;
  readonly todo: string;
  readonly command?: string | undefined;
  readonly link?: string | undefined;
}

/**
 * Slack's limits are 50 blocks, 150 characters in a header, 3,000 in a section, and some 13,000 in all: what one notice may bring, and how
 * many of them, stays below all of these together.
 */
const MAX_NOTICES = 8;
const MAX = { title: 100, facts: 250, why: 400, todo: 300, command: 150 } as const;

const SIGNS: Readonly<Record<Severity, string>> = {
  critical: ":red_circle:",
  warn: ":large_yellow_circle:",
  ok: ":large_green_circle:",
};
export const WORDS: Readonly<Record<Severity, string>> = { critical: "critical", warn: "warning", ok: "recovered" };

/**
 * One message for everything that changed together: worst first, each with what, since when, why it matters, what to do next and the
 * command for it. Slack takes about one message a second, and so does a reader.
 * @param from who sends it: the stage or the machine
 */
export function slackMessage(notices: readonly Notice[], from: string): SlackMessage {
  const sorted = notices.toSorted((a, b) => rank(b.severity) - rank(a.severity));
  const shown = sorted.slice(0, MAX_NOTICES);
  const more = sorted.length - shown.length;
  const headline = `${from}: ${headlineOf(sorted)}`;
  return {
    text: slackText(headline, MAX.why),
    blocks: [
      slackHeader(headline),
      ...shown.map((notice) => slackSection(sectionOf(notice))),
      ...(more > 0 ? [{ type: "context", elements: [{ type: "mrkdwn", text: `and ${more} more` }] }] : []),
    ],
  };
}

/** The notice of a check's change. */
export function noticeOf(
  check: CheckName,
  state: {
    readonly severity: Severity;
    readonly at: number;
    readonly lastedMs?: number | undefined;
    readonly facts?: string;
  },
): Notice {
  const { title, why, todo, command }: HealthCheck = CHECKS[check];
  return { title, why, todo, command, ...state };
}

/** What a list of messages shows of it. @param sorted worst first */
export function headlineOf(sorted: readonly Notice[]): string {
  const [first] = sorted;
  if (!first) return "nothing changed";
  const others = sorted.length > 1 ? ` and ${sorted.length - 1} more` : "";
  return `${first.title} ${first.severity === "ok" ? "recovered" : `is ${WORDS[first.severity]}`}${others}`;
}

function sectionOf({ title, severity, at, lastedMs, facts = "", why, todo, command = "", link }: Notice): string {
  const name = slackText(title, MAX.title);
  const lasted = lastedText({ severity, lastedMs });
  const since = `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time_secs}|${new Date(at).toISOString()}>`;
  const linked = link === undefined ? `*${name}*` : slackLink(link, `*${name}*`);
  const next = [
    slackText(why, MAX.why),
    todo === "" ? "" : `*Next:* ${slackText(todo, MAX.todo)}`,
    command === "" ? "" : `\`${slackText(command, MAX.command)}\``,
  ];
  return [
    `${SIGNS[severity]} ${linked}: ${WORDS[severity]}${lasted}, since ${since}`,
    facts === "" ? "" : `_${slackText(facts.replaceAll("\n", " "), MAX.facts)}_`,
    ...(severity === "ok" ? [] : next),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** Of a recovery how long it was bad. */
export function lastedText({ severity, lastedMs }: Pick<Notice, "severity" | "lastedMs">): string {
  return lastedMs === undefined || severity !== "ok" ? "" : ` after ${durationText(lastedMs)}`;
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function rank(severity: Severity): number {
  return { ok: 0, warn: 1, critical: 2 }[severity];
}
