import type { Clock } from "@millrace/core";
import { SEVERITIES, type Severity } from "../health/evaluate.ts";
import type { Delivered } from "./delivered.ts";
import { isMailAddress } from "../mail/address.ts";
import { sendTo, type Ways } from "./send.ts";
import type { Target } from "./targets.ts";
import { noticeMail } from "./notice-mail.ts";
import { slackMessage, type Notice } from "./slack-message.ts";

/** Where notices go: `slack`: blocks for an incoming webhook; `json`: the notices themselves, for anything else; `mail`: the words of Slack's message. */
export type Channel = Target & {
  /** From here on; of what was that bad before, recoveries too. */
  readonly from: Exclude<Severity, "ok">;
};

/** A notice, and how bad it was before: a recovery goes where the trouble went. */
export interface ToldNotice extends Notice {
  readonly was: Severity;
}

export interface NotifierDeps {
  readonly channels: readonly Channel[];
  /** Who sends it: the stage or the machine. */
  readonly from: string;
  readonly clock: Clock;
  readonly ways: Ways;
  /** Told once of a channel that refuses: it is not tried again until the process starts anew. */
  readonly onRefused: (kind: Channel["kind"], reason: string) => void;
}

/** Something may be told later. */
export class NotTold extends Error {
  override readonly name = "NotTold";
}

/**
 * Tells every channel what concerns it, in one message.
 * @throws NotTold when a channel was not to be had, so that the same is told again; those that were told already are not
 */
export type Notify = (notices: readonly ToldNotice[]) => Promise<void>;

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);

export function createNotifier({ channels, from, clock, ways, onRefused }: NotifierDeps): Notify {
  const state = channels.map((channel) => ({ channel, refused: false, notBefore: 0, told: new Set<string>() }));
  return async (notices) => {
    const results = await Promise.all(
      state.map(async (each): Promise<Delivered> => {
        const { channel, told } = each;
        const its = notices.filter((notice) => {
          const worst = Math.max(rank(notice.severity), rank(notice.was));
          return worst >= rank(channel.from) && !told.has(keyOf(notice));
        });
        if (each.refused || its.length === 0) return { kind: "sent" };
        if (clock.now() < each.notBefore)
          return { kind: "unavailable", reason: "It asked to wait.", retryAfterMs: undefined };
        const result = await sendTo(ways, channel, {
          slack: () => slackMessage(its, from),
          json: () => ({ from, notices: its }),
          mail: () => noticeMail(its, from, "You are named in ALERTS of this installation."),
        });
        if (result.kind === "sent") for (const notice of its) told.add(keyOf(notice));
        if (result.kind === "unavailable") each.notBefore = clock.now() + (result.retryAfterMs ?? 0);
        if (result.kind === "refused") {
          each.refused = true;
          onRefused(channel.kind, result.reason);
        }
        return result;
      }),
    );
    const failed = results.find((result) => result.kind === "unavailable");
    if (failed) throw new NotTold(`A channel was not told: ${failed.reason}`);
    for (const { told } of state) told.clear();
  };
}

/** The same change told again after another channel failed. */
function keyOf({ title, severity, at }: ToldNotice): string {
  return `${title} ${severity} ${at}`;
}

/**
 * Reads channels from a setting: addresses by comma, each with what it is for in front of it, if that is not everything for Slack:
 * `https://hooks.slack.com/…, critical:https://hooks.slack.com/…, json+critical:https://pager.example/…, mail+critical:ops@example.com`.
 * @throws Error that names what is wrong, and no address
 */
export function readChannels(text: string | undefined): Channel[] {
  const parts = (text ?? "").split(",").map((part) => part.trim());
  return parts
    .filter((part) => part !== "")
    .map((part, i) => {
      const [, kind = "slack", , level = "warn", where = ""] =
        /^(?:(slack|json|mail)(?=[+:]))?(\+)?(?:(warn|critical)(?=:))?:?(\S+)$/.exec(part) ?? [];
      const from = level as Channel["from"];
      if (kind === "mail" && isMailAddress(where)) return { kind, from, address: where };
      if (kind !== "mail" && /^https?:\/\//.test(where) && URL.canParse(where))
        return { kind: kind as "slack" | "json", from, webhook: where };
      throw new Error(
        `Channel ${i + 1} of the alerts is not understood. Write https://…, critical:https://…, json+warn:https://… or mail:ops@example.com.`,
      );
    });
}
