import { noticeOf, type Notice } from "@millrace/ops";
import { meaningOfAlarm } from "../alarms/alarm-names.ts";

/** One notification as SNS delivers it. https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html */
export interface SnsEvent {
  readonly Records: readonly {
    readonly Sns: { readonly Subject?: string | null; readonly Message: string; readonly Timestamp?: string };
  }[];
}

interface AlarmChange {
  readonly AlarmName: string;
  readonly AlarmDescription?: string | null;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
  readonly StateChangeTime?: string;
  readonly AlarmArn?: string;
}

/** What every notification of one call says: alarms as their check of the table explains them, anything else as it came. */
export function noticesOf(event: SnsEvent, now: number): Notice[] {
  return event.Records.map(({ Sns }) => {
    const alarm = parseAlarm(Sns.Message);
    if (alarm) return noticeOfAlarm(alarm, timeOf(alarm.StateChangeTime ?? Sns.Timestamp, now));
    // Budgets, and people who try it out, send plain text.
    const at = timeOf(Sns.Timestamp, now);
    return { title: Sns.Subject ?? "Message", severity: "warn", at, why: Sns.Message, todo: "" };
  });
}

function noticeOfAlarm(alarm: AlarmChange, at: number): Notice {
  const { check } = meaningOfAlarm(alarm.AlarmName) ?? {};
  const severity = { OK: "ok", ALARM: "critical" }[alarm.NewStateValue] as "ok" | "critical" | undefined;
  const known = check && noticeOf(check, { severity: severity ?? "warn", at });
  return {
    ...(known ?? { why: alarm.AlarmDescription ?? "", todo: "" }),
    title: alarm.AlarmName,
    severity: severity ?? "warn",
    at,
    facts: alarm.NewStateReason,
    link: consoleLink(alarm.AlarmArn),
  };
}

function timeOf(iso: string | undefined, otherwise: number): number {
  const at = Date.parse(iso ?? "");
  return Number.isNaN(at) ? otherwise : at;
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

function consoleLink(arn: string | undefined): string | undefined {
  const [, , , region, , , name] = arn?.split(":") ?? [];
  if (region === undefined || name === undefined) return undefined;
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`;
}
