import { UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export function lambdaCall({ method, target }: Incoming, { id, region }: Account): Call {
  const [, name] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/.exec(target) ?? [];
  if (method !== "POST" || !name) throw new UnknownCall(`Lambda's ${method} ${target} is not known here.`);
  const plain = decodeURIComponent(name).split(":function:").at(-1) ?? "";
  const resource = `arn:aws:lambda:${region}:${id}:function:${plain}`;
  return {
    service: "lambda",
    operation: "Invoke",
    needs: [{ action: "lambda:InvokeFunction", resource, context: {} }],
    target: `function/${plain}`,
  };
}
