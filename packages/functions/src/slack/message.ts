/** One notification as SNS delivers it. https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html */
export interface SnsEvent {
  readonly Records: readonly { readonly Sns: { readonly Subject?: string | null; readonly Message: string } }[];
}

interface AlarmChange {
  readonly AlarmName: string;
  readonly AlarmDescription?: string | null;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
  readonly StateChangeTime?: string;
  readonly AlarmArn?: string;
}

/** Slack refuses a section above 3,000 characters, and a message above about 13,000 in all. */
const MAX_TEXT = 2_500;
const MAX_ALARMS = 4;

/**
 * The text for Slack: one line per alarm that changed, with why and a way to its page. Notifications that arrived together become
 * one message, since Slack takes about one a second.
 */
export function slackText(event: SnsEvent): string {
  const shown = event.Records.slice(0, MAX_ALARMS).map(({ Sns }) => describe(Sns.Subject ?? "Message", Sns.Message));
  const more = event.Records.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n\n");
}

function describe(subject: string, message: string): string {
  const alarm = parseAlarm(message);
  // Budgets, and people who try it out, send plain text.
  if (!alarm) return `*${escape(subject)}*\n${escape(message).slice(0, MAX_TEXT)}`;
  const sign = { ALARM: ":red_circle:", OK: ":large_green_circle:" }[alarm.NewStateValue] ?? ":white_circle:";
  const link = consoleLink(alarm.AlarmArn);
  const name = `*${escape(alarm.AlarmName)}*`;
  return [
    `${sign} ${link === undefined ? name : `<${link}|${escape(alarm.AlarmName)}>`}: ${escape(alarm.NewStateValue)}`,
    escape(alarm.AlarmDescription ?? ""),
    `_${escape(alarm.NewStateReason ?? "").slice(0, MAX_TEXT)}_`,
  ]
    .filter((line) => line !== "" && line !== "__")
    .join("\n");
}

function parseAlarm(message: string): AlarmChange | undefined {
  try {
    const parsed = JSON.parse(message) as Partial<AlarmChange> | null;
    const isAlarm = typeof parsed?.AlarmName === "string" && typeof parsed.NewStateValue === "string";
    return isAlarm ? (parsed as AlarmChange) : undefined;
  } catch {
    return undefined;
  }
}

/** Slack's three special characters; everything else is text. https://docs.slack.dev/messaging/formatting-message-text */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function consoleLink(arn: string | undefined): string | undefined {
  const [, , , region, , , name] = arn?.split(":") ?? [];
  if (region === undefined || name === undefined) return undefined;
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`;
}
