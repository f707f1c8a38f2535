import type { Fields, Json } from "../grpc.ts";
import type { Kinds } from "../kind.ts";
import { at, list, pascal, scalar, text } from "../values.ts";

const visibility = (value: Json | undefined) => ({
  CloudWatchMetricsEnabled: at(value, "cloudwatchMetricsEnabled"),
  MetricName: at(value, "metricName"),
  SampledRequestsEnabled: at(value, "sampledRequestsEnabled"),
});

const firewall = (inputs: Fields) => ({
  Name: inputs["name"],
  Scope: inputs["scope"],
  Description: inputs["description"],
  DefaultAction: pascal(inputs["defaultAction"]),
  CustomResponseBodies: bodies(inputs["customResponseBodies"]),
  Rules: list(inputs["rules"]).map((rule) => ({
    Name: rule["name"],
    Priority: rule["priority"],
    Action: pascal(rule["action"]),
    OverrideAction: pascal(rule["overrideAction"]),
    Statement: pascal(rule["statement"]),
    VisibilityConfig: visibility(rule["visibilityConfig"]),
  })),
  VisibilityConfig: visibility(inputs["visibilityConfig"]),
});

function bodies(value: Json | undefined) {
  if (value === undefined) return undefined;
  return Object.fromEntries(
    list(value).map(({ key, content, contentType }) => [scalar(key), { Content: content, ContentType: contentType }]),
  );
}

export const firewalls: Kinds = {
  "aws:wafv2/webAcl:WebAcl": {
    named: "name",
    replacedBy: ["name", "scope"],
    create: async (inputs, { aws, tags }) => {
      const made = await aws("wafv2", "CreateWebACL", {
        ...firewall(inputs),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
      return { id: text(made, "Summary", "Id"), outputs: { arn: text(made, "Summary", "ARN") } };
    },
    update: async (id, inputs, { aws }) => {
      const of = { Name: inputs["name"], Scope: inputs["scope"], Id: id };
      const { LockToken } = await aws("wafv2", "GetWebACL", of);
      await aws("wafv2", "UpdateWebACL", { ...firewall(inputs), Id: id, LockToken });
    },
    remove: async (id, inputs, { aws }) => {
      const of = { Name: inputs["name"], Scope: inputs["scope"], Id: id };
      const { LockToken } = await aws("wafv2", "GetWebACL", of);
      return aws("wafv2", "DeleteWebACL", { ...of, LockToken });
    },
  },
};
