import { jsonOf, textOf, UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html */
export function sesCall(request: Incoming, { id, region }: Account): Call {
  const { method, target } = request;
  if (method !== "POST" || target !== "/v2/email/outbound-emails")
    throw new UnknownCall(`SES's ${method} ${target} is not known here.`);
  const body = jsonOf(request);
  const [, name = "", address = ""] = /^(.*?)\s*<([^<>]+)>$/.exec(textOf(body, "FromEmailAddress")) ?? [];
  if (address === "") throw new UnknownCall("SES: the sender has no address.");
  const context = {
    "ses:FromAddress": [address],
    "ses:FromDisplayName": [name],
    "ses:Recipients": recipientsOf(body),
    "ses:ApiVersion": ["2"],
  };
  const resource = `arn:aws:ses:${region}:${id}:identity/${address}`;
  return {
    service: "ses",
    operation: "SendEmail",
    needs: [{ action: "ses:SendEmail", resource, context }],
    target: `identity/${address}`,
  };
}

function recipientsOf({ Destination }: Readonly<Record<string, unknown>>): string[] {
  const { ToAddresses = [] } = (Destination ?? {}) as { readonly ToAddresses?: string[] };
  return ToAddresses;
}
