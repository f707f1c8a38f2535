import { lambda } from "./lambda.ts";
import { slackWebhook } from "./secrets.ts";
import { stage } from "./stage.ts";

const { accountId } = await aws.getCallerIdentity();

/** Where every alarm and the budget report to. */
export const topic = new sst.aws.SnsTopic("Alarms");

/** Only CloudWatch's alarms and the budgets of this very account may report. */
export const topicPolicy = new aws.sns.TopicPolicy("AlarmsPolicy", {
  arn: topic.arn,
  policy: topic.arn.apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"].map((Service) => ({
        Effect: "Allow",
        Principal: { Service },
        Action: "sns:Publish",
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      })),
    }),
  ),
});

const alarm = lambda("Alarm", {
  memory: "256 MB",
  timeout: "30 seconds",
  permissions: [],
  environment: {},
  link: [slackWebhook],
});

topic.subscribe("ToSlack", alarm.arn);

// A second way out that needs none of our code: the function above cannot report that it fails.
if (stage.alarmEmail !== null)
  new aws.sns.TopicSubscription("ToEmail", { topic: topic.arn, protocol: "email", endpoint: stage.alarmEmail });
