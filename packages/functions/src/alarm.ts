import { label, monitor, span } from "@millrace/monitor";
import { linkedSecret } from "./config.ts";
import { slackText, type SnsEvent } from "./slack/message.ts";
import { postToSlack } from "./slack/post.ts";

const webhook = linkedSecret("SlackWebhook");

/** Alarms to Slack. Where no webhook is set, and where Slack refuses for good, the text stays in this function's log. */
export const handler = monitor(
  async (event: SnsEvent) => {
    const text = slackText(event);
    if (!webhook.startsWith("https://")) {
      label("slack", "off");
      console.log(text);
      return;
    }
    const result = await span("slack.post", undefined, () => postToSlack(webhook, text));
    label("slack", result.kind);
    if (result.kind === "refused") console.error(`Slack refused with ${result.status}; the alarm was:\n${text}`);
  },
  { name: "alarm" },
);
