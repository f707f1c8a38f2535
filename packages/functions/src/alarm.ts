import { span } from "@millrace/core";
import { linkedSecret } from "./config.ts";
import { lambdaExecutions } from "./http/serve.ts";
import { slackText, type SnsEvent } from "./slack/message.ts";
import { postToSlack } from "./slack/post.ts";

const executions = lambdaExecutions("alarm");
const webhook = linkedSecret("SlackWebhook");

/** Alarms to Slack. Where no webhook is set, and where Slack refuses for good, the text stays in this function's log. */
export async function handler(event: SnsEvent, context: { readonly awsRequestId: string }): Promise<void> {
  await executions.run(
    { kind: "schedule", name: "alarm" },
    async (execution) => {
      const text = slackText(event);
      if (!webhook.startsWith("https://")) {
        execution.label("slack", "off");
        console.log(text);
        return;
      }
      const result = await span("slack.post", undefined, () => postToSlack(webhook, text));
      execution.label("slack", result.kind);
      if (result.kind === "refused") console.error(`Slack refused with ${result.status}; the alarm was:\n${text}`);
    },
    { requestId: context.awsRequestId },
  );
}
