import { UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** SNS still speaks the query protocol. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export function snsCall({ body }: Incoming, _account: Account): Call {
  const form = new URLSearchParams(Buffer.from(body).toString("utf8"));
  const [operation, topic] = [form.get("Action"), form.get("TopicArn")];
  if (operation !== "Publish" || topic === null)
    throw new UnknownCall(`SNS's ${operation ?? "call"} is not known here.`);
  const needs = [{ action: "sns:Publish", resource: topic, context: {} }];
  return { service: "sns", operation, needs, target: `topic/${topic.split(":").at(-1) ?? ""}` };
}
