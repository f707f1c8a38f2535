import { systemClock } from "@millrace/access";
import { label, monitor, span } from "@millrace/monitor";
import { postJson, slackMessage } from "@millrace/ops";
import { linkedSecret, stageName } from "./config.ts";
import { noticesOf, type SnsEvent } from "./slack/message.ts";

const webhook = linkedSecret("SlackWebhook");
const from = stageName();

/** Thrown for what may work later; SNS then calls the function again. */
class SlackUnavailable extends Error {
  override readonly name = "SlackUnavailable";
}

/** Alarms to Slack. Where no webhook is set, and where Slack refuses for good, the message stays in this function's log. */
export const handler = monitor(
  async (event: SnsEvent) => {
    const message = slackMessage(noticesOf(event, systemClock.now()), from);
    if (!webhook.startsWith("https://")) {
      label("slack", "off");
      console.log(JSON.stringify(message));
      return;
    }
    const result = await span("slack.post", undefined, () => postJson(webhook, message));
    label("slack", result.kind);
    if (result.kind === "unavailable") throw new SlackUnavailable(result.reason);
    if (result.kind === "refused") console.error(`Slack: ${result.reason} The alarm was: ${JSON.stringify(message)}`);
  },
  { name: "alarm" },
);
