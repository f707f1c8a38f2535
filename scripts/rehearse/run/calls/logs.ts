import { jsonOf, targetOf, textOf, UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

const OPERATIONS = new Set(["CreateLogStream", "PutLogEvents"]);

/** What Lambda writes in a function's name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export function logsCall(request: Incoming, { id, region }: Account): Call {
  const operation = targetOf(request, "Logs_20140328");
  if (!OPERATIONS.has(operation)) throw new UnknownCall(`CloudWatch Logs' ${operation} is not known here.`);
  const body = jsonOf(request);
  const group = textOf(body, "logGroupName");
  const stream = textOf(body, "logStreamName");
  const resource = `arn:aws:logs:${region}:${id}:log-group:${group}:log-stream:${stream}`;
  return {
    service: "logs",
    operation,
    needs: [{ action: `logs:${operation}`, resource, context: {} }],
    target: `logs${group}`,
  };
}
