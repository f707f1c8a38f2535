import type { Fields, Json } from "../grpc.ts";
import { setting, type Context, type Kinds } from "../kind.ts";
import { list, pascal, text, strings } from "../values.ts";

/** A policy given as text or as a structure, as the text that AWS takes. */
export function document(value: Json | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

async function putInline(role: string, inputs: Fields, { aws }: Context): Promise<void> {
  for (const { name, policy } of list(inputs["inlinePolicies"]))
    if (policy !== undefined)
      await aws("iam", "PutRolePolicy", {
        RoleName: role,
        PolicyName: name ?? "inline",
        PolicyDocument: document(policy),
      });
}

async function attach(role: string, now: readonly string[], before: readonly string[], { aws }: Context) {
  for (const PolicyArn of now)
    if (!before.includes(PolicyArn)) await aws("iam", "AttachRolePolicy", { RoleName: role, PolicyArn });
  for (const PolicyArn of before)
    if (!now.includes(PolicyArn)) await aws("iam", "DetachRolePolicy", { RoleName: role, PolicyArn });
}

/** An alarm on one metric, or on an expression over several. */
const alarm = (inputs: Fields) => ({
  AlarmName: inputs["name"],
  AlarmDescription: inputs["alarmDescription"],
  Namespace: inputs["namespace"],
  MetricName: inputs["metricName"],
  Dimensions: dimensions(inputs["dimensions"]),
  Statistic: inputs["statistic"],
  ExtendedStatistic: inputs["extendedStatistic"],
  Period: inputs["period"],
  Metrics: metrics(inputs["metricQueries"]),
  DatapointsToAlarm: inputs["datapointsToAlarm"],
  EvaluationPeriods: inputs["evaluationPeriods"],
  ComparisonOperator: inputs["comparisonOperator"],
  Threshold: inputs["threshold"],
  TreatMissingData: inputs["treatMissingData"],
  AlarmActions: inputs["alarmActions"],
  OKActions: inputs["okActions"],
});

function dimensions(value: Json | undefined) {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([Name, Value]) => ({ Name, Value }));
}

function metrics(value: Json | undefined) {
  if (value === undefined) return undefined;
  return list(value).map(({ id, expression, label, returnData, period, metric }) => ({
    Id: id,
    Expression: expression,
    Label: label,
    ReturnData: returnData,
    Period: period,
    ...(metric !== undefined && { MetricStat: metricStat(metric as Fields) }),
  }));
}

const metricStat = ({ namespace, metricName, dimensions: of, period, stat, unit }: Fields) => ({
  Metric: { Namespace: namespace, MetricName: metricName, Dimensions: dimensions(of) },
  Period: period,
  Stat: stat,
  Unit: unit,
});

export const iamAndLogs: Kinds = {
  "aws:iam/role:Role": {
    named: "name",
    replacedBy: ["name"],
    create: async (inputs, context) => {
      const name = text(inputs, "name");
      const made = await context.aws("iam", "CreateRole", {
        RoleName: name,
        AssumeRolePolicyDocument: document(inputs["assumeRolePolicy"]),
        Description: inputs["description"],
        Tags: Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value })),
      });
      await putInline(name, inputs, context);
      await attach(name, strings(inputs["managedPolicyArns"]), [], context);
      return { id: name, outputs: { arn: text(made, "Role", "Arn"), uniqueId: text(made, "Role", "RoleId") } };
    },
    update: async (id, inputs, context, before) => {
      void [inputs["name"], inputs["description"]];
      await context.aws("iam", "UpdateAssumeRolePolicy", {
        RoleName: id,
        PolicyDocument: document(inputs["assumeRolePolicy"]),
      });
      await putInline(id, inputs, context);
      await attach(id, strings(inputs["managedPolicyArns"]), strings(before["managedPolicyArns"]), context);
    },
    remove: async (id, inputs, context) => {
      for (const { name } of list(inputs["inlinePolicies"]))
        await context.aws("iam", "DeleteRolePolicy", { RoleName: id, PolicyName: name ?? "inline" });
      await attach(id, [], strings(inputs["managedPolicyArns"]), context);
      await context.aws("iam", "DeleteRole", { RoleName: id });
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    named: "name",
    ...setting(
      ["role", "name"],
      async (inputs, { aws }) => {
        const [role, name] = [text(inputs, "role"), text(inputs, "name")];
        await aws("iam", "PutRolePolicy", {
          RoleName: role,
          PolicyName: name,
          PolicyDocument: document(inputs["policy"]),
        });
        return { id: `${role}:${name}` };
      },
      (_id, inputs, { aws }) =>
        aws("iam", "DeleteRolePolicy", { RoleName: inputs["role"], PolicyName: inputs["name"] }),
    ),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    named: "name",
    replacedBy: ["name"],
    create: async (inputs, { aws, tags, region, account }) => {
      const name = text(inputs, "name");
      await aws("logs", "CreateLogGroup", { logGroupName: name, tags });
      if (inputs["retentionInDays"] !== undefined)
        await aws("logs", "PutRetentionPolicy", { logGroupName: name, retentionInDays: inputs["retentionInDays"] });
      return { id: name, outputs: { arn: `arn:aws:logs:${region}:${account}:log-group:${name}` } };
    },
    update: async (id, inputs, { aws }) => {
      void inputs["name"];
      const days = inputs["retentionInDays"];
      if (days === undefined) await aws("logs", "DeleteRetentionPolicy", { logGroupName: id });
      else await aws("logs", "PutRetentionPolicy", { logGroupName: id, retentionInDays: days });
    },
    remove: (id, _inputs, { aws }) => aws("logs", "DeleteLogGroup", { logGroupName: id }),
  },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
    named: "name",
    ...setting(
      ["name", "logGroup"],
      async (inputs, { aws }) => {
        const [group, name] = [text(inputs, "logGroup"), text(inputs, "name")];
        await aws("logs", "PutSubscriptionFilter", {
          logGroupName: group,
          filterName: name,
          filterPattern: inputs["filterPattern"],
          destinationArn: inputs["destinationArn"],
          roleArn: inputs["roleArn"],
        });
        return { id: `cwlsf-${group}-${name}` };
      },
      (_id, inputs, { aws }) =>
        aws("logs", "DeleteSubscriptionFilter", { logGroupName: inputs["logGroup"], filterName: inputs["name"] }),
    ),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    named: "name",
    ...setting(
      ["name"],
      async (inputs, { aws, tags, region, account }) => {
        const name = text(inputs, "name");
        const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        await aws("cloudwatch", "PutMetricAlarm", { ...alarm(inputs), Tags });
        return { id: name, outputs: { arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
      },
      (id, _inputs, { aws }) => aws("cloudwatch", "DeleteAlarms", { AlarmNames: [id] }),
    ),
  },
  "aws:cloudwatch/dashboard:Dashboard": setting(
    ["dashboardName"],
    async (inputs, { aws, account }) => {
      const name = text(inputs, "dashboardName");
      await aws("cloudwatch", "PutDashboard", {
        DashboardName: name,
        DashboardBody: document(inputs["dashboardBody"]),
      });
      return { id: name, outputs: { dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${name}` } };
    },
    (id, _inputs, { aws }) => aws("cloudwatch", "DeleteDashboards", { DashboardNames: [id] }),
  ),
  "aws:scheduler/schedule:Schedule": {
    named: "name",
    ...setting(
      ["name"],
      async (inputs, { aws, region, account }) => {
        const name = text(inputs, "name");
        const { arn, roleArn, input, retryPolicy } = inputs["target"] as Fields;
        const wanted = {
          Name: name,
          ScheduleExpression: inputs["scheduleExpression"],
          ScheduleExpressionTimezone: inputs["scheduleExpressionTimezone"],
          State: inputs["state"],
          FlexibleTimeWindow: pascal(inputs["flexibleTimeWindow"]),
          Target: { Arn: arn, RoleArn: roleArn, Input: input, RetryPolicy: attempts(retryPolicy) },
        };
        const { Schedules } = await aws("scheduler", "ListSchedules", { NamePrefix: name });
        const there = list(Schedules).some((each) => each["Name"] === name);
        await aws("scheduler", there ? "UpdateSchedule" : "CreateSchedule", wanted);
        return {
          id: `default/${name}`,
          outputs: { arn: `arn:aws:scheduler:${region}:${account}:schedule/default/${name}` },
        };
      },
      (_id, inputs, { aws }) => aws("scheduler", "DeleteSchedule", { Name: inputs["name"] }),
    ),
  },
  "aws:sns/topic:Topic": {
    named: "name",
    replacedBy: ["name"],
    create: async (inputs, { aws, tags }) => {
      if (inputs["fifoTopic"] === true) throw new Error("The stand-in knows standard topics only.");
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const arn = text(await aws("sns", "CreateTopic", { Name: inputs["name"], Tags }), "TopicArn");
      return { id: arn, outputs: { arn } };
    },
    remove: (id, _inputs, { aws }) => aws("sns", "DeleteTopic", { TopicArn: id }),
  },
  "aws:sns/topicPolicy:TopicPolicy": setting(
    ["arn"],
    async (inputs, { aws }) => {
      const id = text(inputs, "arn");
      await aws("sns", "SetTopicAttributes", {
        TopicArn: id,
        AttributeName: "Policy",
        AttributeValue: document(inputs["policy"]),
      });
      return { id };
    },
    // The topic's own policy comes back; it goes with the topic, which goes next.
    async () => undefined,
  ),
  "aws:sns/topicSubscription:TopicSubscription": {
    replacedBy: "all",
    create: async (inputs, { aws }) => {
      const made = await aws("sns", "Subscribe", {
        TopicArn: inputs["topic"],
        Protocol: inputs["protocol"],
        Endpoint: inputs["endpoint"],
        ReturnSubscriptionArn: true,
      });
      return { id: text(made, "SubscriptionArn"), outputs: { arn: text(made, "SubscriptionArn") } };
    },
    remove: (id, _inputs, { aws }) => aws("sns", "Unsubscribe", { SubscriptionArn: id }),
  },
};

function attempts(policy: Json | undefined) {
  return policy === undefined ? undefined : pascal(policy);
}
