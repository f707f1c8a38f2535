import { topic, topicPolicy } from "./slack.ts";
import { named, stage } from "./stage.ts";

/** Spending of the whole account, or of this stage by its tags, which only the payer's account can make countable. */
if (stage.budgetUsd !== null) {
  new aws.budgets.Budget(
    "Budget",
    {
      name: named("monthly"),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(stage.budgetUsd),
      limitUnit: "USD",
      ...(stage.budgetByTag && {
        costFilters: [{ name: "TagKeyValue", values: [`user:sst:stage$${$app.stage}`] }],
      }),
      notifications: ["FORECASTED", "ACTUAL"].map((notificationType) => ({
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold: 100,
        thresholdType: "PERCENTAGE",
        subscriberSnsTopicArns: [topic.arn],
      })),
      // The service looks at once whether it may write there.
    },
    { dependsOn: [topicPolicy] },
  );
}
