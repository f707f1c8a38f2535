import { topic } from "./slack.ts";
import { named, stage } from "./stage.ts";

/** Spending of the whole account: cost by tag would need a setting that only the payer's account has. */
if (stage.budgetUsd !== null) {
  new aws.budgets.Budget("Budget", {
    name: named("monthly"),
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(stage.budgetUsd),
    limitUnit: "USD",
    notifications: ["FORECASTED", "ACTUAL"].map((notificationType) => ({
      notificationType,
      comparisonOperator: "GREATER_THAN",
      threshold: 100,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [topic.arn],
    })),
  });
}
